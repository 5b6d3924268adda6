import type { Order, OrderAction } from '../domain/orders/order.ts';
import type { OrderLine } from '../domain/orders/order-record.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import type { Charge, RatePlan } from '../domain/subscriptions/subscription.ts';
import { toWireCreatedSubscription, toWireOrderedRatePlan } from './created-subscription.ts';
import { OWN_OBJECTS } from './order-actions/order-action.ts';

type Shown = { [name: string]: JsonValue };

/** What surrounds an action that is shown. */
interface ActionSetting {
  readonly action: OrderAction;
  readonly line: OrderLine;
  readonly order: Order;
  readonly added: AddedRatePlans;
  readonly ownerNumber: string | null;
}

/**
 * The order actions of a subscription as they read afterwards: what was given, with the ids, numbers and dates that it came to. While an
 * order is only kept there is nothing but what was given.
 */
export function toWireOrderActions(line: OrderLine, order: Order, ownerNumber: string | null): JsonObject[] {
  const added = new AddedRatePlans(line.ratePlans);
  return line.actions.map((action) => toWireOrderAction({ action, line, order, added, ownerNumber }));
}

function toWireOrderAction(setting: ActionSetting): JsonObject {
  const { action, line, order } = setting;
  const { body } = action;
  const shown: Shown = {
    ...body,
    id: action.id,
    type: action.type,
    sequence: action.sequence,
    triggerDates: triggerDatesOf(action, line, order),
    customFields: body.customFields ?? {},
  };
  // Clients send null for the objects of the other types.
  for (const name of Object.values(OWN_OBJECTS)) if (shown[name] === null) delete shown[name];
  const own = (OWN_OBJECTS as Readonly<Record<string, string>>)[action.type];
  const given = own === undefined ? undefined : body[own];
  if (own !== undefined) shown[own] = ownObject((given ?? {}) as JsonObject, setting);
  return shown;
}

function ownObject(given: JsonObject, setting: ActionSetting): JsonObject {
  const { line, added } = setting;
  switch (setting.action.type) {
    case 'CreateSubscription':
      return toWireCreatedSubscription(given, line, added.takeEach(ratePlansOf(given)), setting.ownerNumber);
    case 'AddProduct':
      return toWireOrderedRatePlan(given, added.take(given), line.charges);
    case 'ChangePlan': {
      const plan = (given.newProductRatePlan ?? {}) as JsonObject;
      return { ...given, newProductRatePlan: toWireOrderedRatePlan(plan, added.take(plan), line.charges) };
    }
    case 'UpdateProduct':
      return updateProduct(given, setting);
    case 'RemoveProduct':
      return { ...given, customFields: given.customFields ?? {} };
    case 'TermsAndConditions':
      return termsAndConditions(given, line);
    case 'CancelSubscription':
      return withDate(given, 'cancellationEffectiveDate', cancelledOn(line));
    case 'Suspend':
      return withDate(given, 'suspendDate', given.suspendSpecificDate ?? line.subscription?.suspendedOn);
    case 'Resume':
      return withDate(given, 'resumeDate', given.resumeSpecificDate ?? resumedOn(line));
    default:
      return given;
  }
}

function ratePlansOf(given: JsonObject): readonly JsonObject[] {
  return (given.subscribeToRatePlans ?? []) as JsonObject[];
}

/** A date that was given, or stored with the action, stays; otherwise the one that it came to, if any. */
function withDate(given: JsonObject, name: string, date: JsonValue | undefined): JsonObject {
  const known = given[name] ?? date;
  return known == null ? given : { ...given, [name]: known };
}

/** A cancelled subscription ends on the first day that is not served. */
function cancelledOn({ subscription }: OrderLine): string | null {
  return subscription?.status === 'Cancelled' ? subscription.subscriptionEndDate : null;
}

/** Actions beside which a version's new segments can only come from a resumption. */
const WITHOUT_SEGMENTS = ['Resume', 'OwnerTransfer', 'TermsAndConditions'];

/** The day on which charges that went on begin again; not known where other actions made segments too. */
function resumedOn({ actions, charges }: OrderLine): string | null {
  if (!actions.every(({ type }) => WITHOUT_SEGMENTS.includes(type))) return null;
  const starts = charges.flatMap(({ effectiveStartDate }) => effectiveStartDate ?? []);
  return starts.sort()[0] ?? null;
}

/** The request has `lastTerm` where the contract's reply has `initialTerm`: both are shown. */
function termsAndConditions(given: JsonObject, { subscription }: OrderLine): JsonObject {
  if (given.lastTerm == null) return given;
  const term = given.lastTerm as JsonObject;
  const initialTerm: Shown = { ...term };
  if (subscription !== null && subscription.termType === term.termType) {
    initialTerm.startDate = term.startDate ?? subscription.termStartDate;
    if (subscription.termType === 'TERMED') {
      initialTerm.period = term.period ?? subscription.currentTerm;
      initialTerm.periodType = term.periodType ?? subscription.currentTermPeriodType;
    }
  }
  return { ...given, initialTerm };
}

function updateProduct(given: JsonObject, { action, line, order }: ActionSetting): JsonObject {
  const date = given.specificUpdateDate ?? contractEffective(action.body) ?? order.orderDate;
  const updates = ((given.chargeUpdates ?? []) as JsonObject[]).map((update) => ({
    update,
    segment: segmentOf(update, line.charges, date),
  }));
  const ratePlanId =
    updates.find(({ segment }) => segment !== null)?.segment?.ratePlanId ?? given.ratePlanId ?? null;
  return {
    ...given,
    ...(ratePlanId === null ? {} : { ratePlanId: given.ratePlanId ?? ratePlanId, newRatePlanId: ratePlanId }),
    customFields: given.customFields ?? {},
    chargeUpdates: updates.map(({ update, segment }) => ({
      ...update,
      ...(segment === null ? {} : { chargeNumber: segment.chargeNumber, newRatePlanChargeId: segment.id }),
      customFields: update.customFields ?? {},
    })),
  };
}

/** The segment that an update made: of its charge, from its date on; the last one when it took effect on another day. */
function segmentOf(update: JsonObject, charges: readonly Charge[], date: JsonValue): Charge | null {
  const effective = (update.effectiveDate ?? {}) as JsonObject;
  const start = effective.specificTriggerDate ?? date;
  const segments = charges.filter(({ chargeNumber, details }) =>
    update.chargeNumber == null
      ? details.uniqueToken === update.uniqueToken
      : chargeNumber === update.chargeNumber,
  );
  const last = segments.reduce<Charge | null>(
    (latest, segment) => (latest === null || segment.segment > latest.segment ? segment : latest),
    null,
  );
  return segments.find((segment) => segment.effectiveStartDate === start) ?? last;
}

/** The new rate plans of a version, each for the action that added it: by product, in the order of the actions. */
class AddedRatePlans {
  readonly #left: RatePlan[];

  constructor(ratePlans: readonly RatePlan[]) {
    this.#left = [...ratePlans];
  }

  /** The next rate plan that was made from what is given; null while the order is only kept. */
  take(given: JsonObject): RatePlan | null {
    const key = given.productRatePlanId ?? given.productRatePlanNumber;
    const at = this.#left.findIndex(
      ({ productRatePlanId, productRatePlanNumber }) =>
        productRatePlanId === key || productRatePlanNumber === key,
    );
    return at < 0 ? null : this.#left.splice(at, 1)[0]!;
  }

  takeEach(given: readonly JsonObject[]): ReadonlyArray<RatePlan | null> {
    return given.map((plan) => this.take(plan));
  }
}

interface NamedDate {
  readonly name: string;
  readonly triggerDate?: string | null;
}

function contractEffective(body: JsonObject): string | null {
  const dates = (body.triggerDates ?? []) as unknown as readonly NamedDate[];
  return dates.find(({ name }) => name === 'ContractEffective')?.triggerDate ?? null;
}

/** A new subscription has dates of its own. Other actions count from their contract effective date, by default the order's. */
function triggerDatesOf(action: OrderAction, { subscription }: OrderLine, order: Order): JsonValue {
  const given = action.body.triggerDates ?? [];
  if (subscription === null) return given;
  if (action.type === 'CreateSubscription') {
    return [
      { name: 'ContractEffective', triggerDate: subscription.contractEffectiveDate },
      { name: 'ServiceActivation', triggerDate: subscription.serviceActivationDate },
      { name: 'CustomerAcceptance', triggerDate: subscription.customerAcceptanceDate },
    ];
  }
  if (contractEffective(action.body) !== null) return given;
  const others = (given as JsonObject[]).filter(({ name }) => name !== 'ContractEffective');
  return [{ name: 'ContractEffective', triggerDate: order.orderDate }, ...others];
}
