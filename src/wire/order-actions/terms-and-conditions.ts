import { z } from 'zod';
import type { TermsAndConditionsAction } from '../../domain/orders/action-specs.ts';
import { isRefusal, type Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireBoolean, wireDate } from '../values.ts';
import { fromWireInvoicingPatch, invoicingPatchShape } from './invoicing-patch.ts';
import { wirePeriod, wirePeriodType, wireRenewalSetting, wireRenewalTerms, wireTermType } from './terms.ts';

export const wireTermsAndConditions = z.object(
  {
    ...invoicingPatchShape,
    autoRenew: wireBoolean.nullish(),
    renewalSetting: wireRenewalSetting.nullish(),
    renewalTerms: wireRenewalTerms,
    lastTerm: z
      .object({
        termType: wireTermType,
        period: wirePeriod.nullish(),
        periodType: wirePeriodType.nullish(),
        startDate: wireDate.nullish(),
        /** Exclusive; in place of a period. */
        endDate: wireDate.nullish(),
      })
      .nullish(),
  },
  { error: 'must be an object' },
);

type WireTermsAndConditions = z.output<typeof wireTermsAndConditions>;

export function fromWireTermsAndConditions(
  body: WireTermsAndConditions,
  triggerDates: TriggerDates,
  path: string,
): TermsAndConditionsAction | Refusal {
  const invoicing = fromWireInvoicingPatch(body, path);
  if (isRefusal(invoicing)) return invoicing;
  return {
    type: 'TermsAndConditions',
    triggerDates,
    invoicing,
    autoRenew: body.autoRenew ?? null,
    renewalSetting: body.renewalSetting ?? null,
    renewalTerms:
      body.renewalTerms?.map(({ period, periodType }) => ({
        period: period ?? null,
        periodType: periodType ?? null,
      })) ?? null,
    lastTerm: fromWireLastTerm(body.lastTerm),
  };
}

function fromWireLastTerm(given: WireTermsAndConditions['lastTerm']): TermsAndConditionsAction['lastTerm'] {
  if (given == null) return null;
  return {
    termType: given.termType,
    period: given.period ?? null,
    periodType: given.periodType ?? null,
    startDate: given.startDate ?? null,
    endDate: given.endDate ?? null,
  };
}
