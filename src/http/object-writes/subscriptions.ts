import { tenantClock } from '../../account/runtime.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { findSubscriptionOfCharge, findSubscriptionTarget } from '../../persistence/subscriptions.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import {
  changesOnlyCustomFields,
  fromWireObjectSubscriptionChanges,
  wireObjectChargeChanges,
  wireObjectSubscriptionChanges,
} from '../../wire/object-subscriptions.ts';
import { customFieldsOf } from '../../wire/values.ts';
import { reader } from '../operation.ts';
import { type ObjectWrites, write } from './object-write.ts';

function noSubscription(id: string): Refusal {
  return refuse('not_found', `There is no subscription ${id}.`);
}

const subscriptionWrites: ObjectWrites = {
  type: 'Subscription',
  update: write(wireObjectSubscriptionChanges, async (writer, body, id) => {
    const db = reader(writer.c);
    const target = await findSubscriptionTarget(db, id);
    if (target === null) return noSubscription(id);
    const lane = target.invoiceOwnerAccountId;
    if (changesOnlyCustomFields(body)) {
      return writer.send(lane, 'object.subscription.customFields', {
        subscriptionId: id,
        customFields: customFieldsOf(body),
        ratePlans: [],
        charges: [],
      });
    }
    const { today } = tenantClock((await readSettings(db)).timeZone)();
    const form = fromWireObjectSubscriptionChanges(body, { ...target, expectedVersion: null }, today);
    return isRefusal(form) ? form : writer.send(lane, 'object.subscription.update', form);
  }),
  async remove(writer, id) {
    const target = await findSubscriptionTarget(reader(writer.c), id);
    if (target === null) return noSubscription(id);
    const { subscriptionNumber, invoiceOwnerAccountId: lane } = target;
    return writer.send(lane, 'object.subscription.delete', { subscriptionNumber, expectedVersion: null });
  },
};

const chargeWrites: ObjectWrites = {
  type: 'RatePlanCharge',
  update: write(wireObjectChargeChanges, async (writer, body, id) => {
    const found = await findSubscriptionOfCharge(reader(writer.c), id);
    if (found === null) return refuse('not_found', `There is no rate plan charge ${id}.`);
    return writer.send(found.invoiceOwnerAccountId, 'object.ratePlanCharge.customFields', {
      subscriptionId: found.subscriptionId,
      customFields: {},
      ratePlans: [],
      charges: [{ id, field: 'Id', customFields: customFieldsOf(body) }],
    });
  }),
};

export const subscriptionObjectWrites: readonly ObjectWrites[] = [subscriptionWrites, chargeWrites];
