import { z } from 'zod';
import { applicationLimits, type RequestedItem, type RequestedPart } from '../domain/settlement/parts.ts';
import { fromWireDecimal, wireDecimal, wireKey, wireNotYet } from './values.ts';

/** Parts of a payment or credit memo for invoices and debit memos, as requests that apply or take off name them. */

const { documentsMax, itemsPerDocumentMax, itemsMax } = applicationLimits;

const TARGETS = {
  invoice: {
    list: 'invoices',
    words: 'invoices',
    id: 'invoiceId',
    number: 'invoiceNumber',
    item: 'invoiceItemId',
  },
  debitMemo: {
    list: 'debitMemos',
    words: 'debit memos',
    id: 'debitMemoId',
    number: 'debitMemoNumber',
    item: 'debitMemoItemId',
  },
} as const;
type Target = (typeof TARGETS)[keyof typeof TARGETS];

const wireItem = z.object({
  amount: wireDecimal,
  invoiceItemId: wireKey.nullish(),
  debitMemoItemId: wireKey.nullish(),
  creditMemoItemId: wireKey.nullish(),
  taxItemId: wireNotYet,
  creditTaxItemId: wireNotYet,
});

/** Of the same shape for both kinds of documents; which keys a part has to have is checked by its kind. */
const wirePart = z.object({
  invoiceId: wireKey.nullish(),
  invoiceNumber: wireKey.nullish(),
  debitMemoId: wireKey.nullish(),
  debitMemoNumber: wireKey.nullish(),
  amount: wireDecimal,
  items: z
    .array(wireItem, { error: 'must be a list of items' })
    .max(itemsPerDocumentMax, `must have at most ${itemsPerDocumentMax} items`)
    .nullish(),
});
type WirePart = z.output<typeof wirePart>;

function partsOf({ words, id, number, item }: Target) {
  const checked = wirePart.superRefine((part, context) => {
    const keys = [part[id], part[number]].filter((key) => key != null);
    if (keys.length !== 1) {
      const message = `exactly one of ${id} and ${number} is required`;
      context.addIssue({ code: 'custom', path: [id], message });
    }
    for (const [i, entry] of (part.items ?? []).entries()) {
      if (entry[item] != null) continue;
      context.addIssue({ code: 'custom', path: ['items', i, item], message: 'is required' });
    }
  });
  return z
    .array(checked, { error: `must be a list of ${words}` })
    .max(documentsMax, `must have at most ${documentsMax} ${words}`)
    .nullish();
}

/** `invoices` and `debitMemos` of a request body. */
export const wireParts = {
  invoices: partsOf(TARGETS.invoice),
  debitMemos: partsOf(TARGETS.debitMemo),
};

interface WireParts {
  readonly invoices?: WirePart[] | null | undefined;
  readonly debitMemos?: WirePart[] | null | undefined;
}

/** A body with parts, of which there are not too many together; with `least` there has to be one. */
export function checkedParts<Shape extends z.ZodObject>(schema: Shape, least: 0 | 1): Shape {
  return schema.superRefine((body, context) => {
    const { invoices, debitMemos } = body as WireParts;
    const parts = [...(invoices ?? []), ...(debitMemos ?? [])];
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (parts.length < least) issue('invoices', 'name at least one invoice or debit memo');
    if (parts.length > documentsMax) {
      issue('debitMemos', `must have at most ${documentsMax} documents together with invoices`);
    }
    const items = parts.reduce((sum, part) => sum + (part.items?.length ?? 0), 0);
    if (items > itemsMax) issue('invoices', `must have at most ${itemsMax} items in all documents together`);
  }) as Shape;
}

export function fromWireParts({ invoices, debitMemos }: WireParts): RequestedPart[] {
  return [
    ...(invoices ?? []).map((part) => fromWirePart(part, 'invoice')),
    ...(debitMemos ?? []).map((part) => fromWirePart(part, 'debitMemo')),
  ];
}

function fromWirePart(part: WirePart, targetKind: keyof typeof TARGETS): RequestedPart {
  const { id, number, item } = TARGETS[targetKind];
  const keyField = part[id] == null ? number : id;
  return {
    targetKind,
    key: part[keyField] ?? '',
    keyField,
    amount: fromWireDecimal(part.amount),
    items: (part.items ?? []).map(
      (entry): RequestedItem => ({
        sourceItemId: entry.creditMemoItemId ?? null,
        targetItemId: entry[item] ?? '',
        amount: fromWireDecimal(entry.amount),
      }),
    ),
  };
}
