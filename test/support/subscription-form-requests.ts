import type { ValidRequest } from './hostile-requests.ts';
import type { WorkerApi } from './worker-api.ts';

const DATE = '2026-07-01';
const TERMED = {
  contractEffectiveDate: '2026-01-01',
  termType: 'TERMED',
  initialTerm: 12,
  initialTermPeriodType: 'Month',
};
const NO_BILL = { runBilling: false, collect: false };

/** For every form of /v1/subscriptions a request that would succeed, each on a subscription of its own. */
export async function subscriptionFormRequests(
  api: WorkerApi,
  accountId: string,
  planId: string,
  seatsId: string,
): Promise<Readonly<Record<string, ValidRequest>>> {
  const override = {
    productRatePlanChargeId: seatsId,
    quantity: 3,
    price: 1.5,
    billingPeriod: 'Month',
    billCycleType: 'SpecificDayofMonth',
    billCycleDay: '15',
    triggerEvent: 'USD',
    triggerDate: '2026-08-01',
    endDateCondition: 'Fixed_Period',
    upToPeriods: 3,
    upToPeriodsType: 'Months',
    Charge__c: 'x',
  };
  const ratePlan = { productRatePlanId: planId, chargeOverrides: [override], Plan__c: 'x' };
  const dates = { serviceActivationDate: '2026-02-01', customerAcceptanceDate: '2026-03-01' };
  const described = { ...TERMED, ...dates, notes: 'x', subscribeToRatePlans: [ratePlan] };
  const created = {
    ...described,
    ...NO_BILL,
    accountKey: accountId,
    renewalTerm: 12,
    renewalTermPeriodType: 'Month',
    renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
    autoRenew: true,
    invoiceSeparately: false,
    externallyManagedBy: 'Apple',
    Region__c: 'EU',
  };
  const subscribed = async (): Promise<string> => {
    const plans = [{ productRatePlanId: planId }];
    const { body } = await api.post('/v1/subscriptions', { ...created, subscribeToRatePlans: plans });
    return `/v1/subscriptions/${body.subscriptionNumber}`;
  };
  const planOf = async (path: string) => (await api.get(path)).body.ratePlans[0];
  const updated = await subscribed();
  const shown = await planOf(updated);
  const ratePlanChargeId = shown.ratePlanCharges[0].id;
  const tagged = await subscribed();
  const taggedPlan = await planOf(tagged);
  const resumed = await subscribed();
  const suspension = { suspendPolicy: 'SpecificDate', suspendSpecificDate: DATE };
  await api.put(`${resumed}/suspend`, suspension);
  const fields = {
    customFields: { Tag__c: 'x' },
    ratePlans: [
      {
        ratePlanId: taggedPlan.id,
        customFields: { Tag__c: 1 },
        charges: [{ chargeId: taggedPlan.ratePlanCharges[0].id, customFields: { Tag__c: true } }],
      },
    ],
  };
  return {
    POST_Subscription: { path: '/v1/subscriptions', body: created },
    POST_PreviewSubscription: {
      path: '/v1/subscriptions/preview',
      body: {
        ...described,
        previewType: 'ChargeMetrics',
        previewAccountInfo: { billCycleDay: 1, currency: 'USD', billToContact: { country: 'Canada' } },
      },
    },
    PreviewExistingSubscription: {
      path: `${updated}/preview`,
      body: {
        previewStartDate: { previewStartDatePolicy: 'specificDate', specificDate: DATE },
        previewThroughDate: { previewThruDatePolicy: 'endOfTerm' },
        quantityForUsageCharges: [{ chargeId: ratePlanChargeId, quantity: 2 }],
      },
    },
    PUT_Subscription: {
      path: updated,
      body: {
        add: [{ ...ratePlan, contractEffectiveDate: DATE, bookingDate: DATE }],
        update: [
          {
            ratePlanId: shown.id,
            contractEffectiveDate: DATE,
            chargeUpdateDetails: [{ ratePlanChargeId, price: 2, description: 'x' }],
          },
        ],
        autoRenew: false,
        renewalTerm: 6,
        notes: 'x',
        Region__c: 'US',
        ...NO_BILL,
      },
    },
    PUT_RenewSubscription: { path: `${await subscribed()}/renew`, body: { orderDate: DATE, ...NO_BILL } },
    PUT_CancelSubscription: {
      path: `${await subscribed()}/cancel`,
      body: {
        cancellationPolicy: 'SpecificDate',
        cancellationEffectiveDate: DATE,
        bookingDate: DATE,
        ...NO_BILL,
      },
    },
    PUT_SuspendSubscription: {
      path: `${await subscribed()}/suspend`,
      body: {
        ...suspension,
        resume: true,
        resumePolicy: 'FixedPeriodsFromSuspendDate',
        resumePeriods: '1',
        resumePeriodsType: 'Month',
        extendsTerm: true,
      },
    },
    PUT_ResumeSubscription: {
      path: `${resumed}/resume`,
      body: { resumePolicy: 'SpecificDate', resumeSpecificDate: '2026-08-01', extendsTerm: false },
    },
    PUT_UpdateSubscriptionCustomFields: { path: `${tagged}/customFields`, body: fields },
    PUT_UpdateSubscriptionCustomFieldsOfASpecifiedVersion: {
      path: `${tagged}/versions/1/customFields`,
      body: fields,
    },
  };
}
