import { z } from 'zod';
import { toWireMoney, wireDate, wireKey, wirePaging } from './values.ts';
import { oneOf } from './words.ts';

const SORTS = ['+documentDate', '-documentDate', 'documentDate'] as const;

/** Query of GET /v1/billing-documents: of one account, in the order that its index has. A `+` may arrive as a blank. */
export const wireBillingDocumentQuery = wirePaging
  .extend({
    accountId: wireKey.optional(),
    accountNumber: wireKey.optional(),
    documentDate: wireDate.optional(),
    status: oneOf(['Draft', 'Posted', 'Canceled', 'Error']).optional(),
    sort: z
      .string()
      .refine(
        (text) => (SORTS as readonly string[]).includes(text.replace(' ', '+')),
        'is not available: documents are listed by date, sort=+documentDate or sort=-documentDate',
      )
      .optional(),
  })
  .superRefine(({ accountId, accountNumber }, context) => {
    if (accountId !== undefined || accountNumber !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['accountId'],
      message: 'accountId or accountNumber is required',
    });
  });

export function toWireBillingDocument(
  document: {
    readonly id: string;
    readonly kind: 'invoice' | 'creditMemo' | 'debitMemo';
    readonly number: string;
    readonly status: string;
    readonly date: string;
    readonly currency: string;
    readonly amountMinor: number;
    readonly balanceMinor: number;
  },
  account: { readonly id: string; readonly accountNumber: string },
): object {
  const money = (minor: number) => toWireMoney(minor, document.currency);
  return {
    id: document.id,
    accountId: account.id,
    accountNumber: account.accountNumber,
    amount: money(document.amountMinor),
    balance: money(document.balanceMinor),
    documentDate: document.date,
    documentNumber: document.number,
    documentType: document.kind.charAt(0).toUpperCase() + document.kind.slice(1),
    status: document.status,
    currency: document.currency,
  };
}
