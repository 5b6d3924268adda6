import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INVOICE_LINES_MAX, type InvoiceItemChange } from '../../../src/domain/billing/change-lines.ts';
import { createInvoice } from '../../../src/domain/billing/create-invoice.ts';
import {
  cancelInvoice,
  deleteInvoice,
  deleteLongInvoice,
} from '../../../src/domain/billing/discard-invoice.ts';
import type { Invoice } from '../../../src/domain/billing/invoice.ts';
import type { NewInvoiceItem } from '../../../src/domain/billing/invoice-items.ts';
import { totalsOf } from '../../../src/domain/billing/line-totals.ts';
import { postInvoice } from '../../../src/domain/billing/post-invoice.ts';
import { unpostInvoice } from '../../../src/domain/billing/unpost-invoice.ts';
import { type UpdateInvoice, updateInvoice } from '../../../src/domain/billing/update-invoice.ts';
import { fromMinor } from '../../../src/domain/money.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { testAccount } from '../../support/order-objects.ts';

// What becomes of an invoice's lines and amount when it is changed, and of its account's numbers when it is unposted.
const LINE: NewInvoiceItem = {
  amount: '10',
  unitPrice: null,
  quantity: null,
  chargeName: 'Line',
  chargeDate: null,
  serviceStartDate: '2026-03-01',
  serviceEndDate: null,
  productRatePlanChargeId: null,
  discounts: [],
  details: {},
  customFields: {},
};
const DISCOUNT = {
  amount: '-4',
  unitPrice: null,
  chargeName: 'Rebate',
  chargeDate: null,
  productRatePlanChargeId: null,
  details: {},
  customFields: {},
};
const account = testAccount({ paymentTerm: 'Net 30' });

function world(items: readonly NewInvoiceItem[], fields: object = {}) {
  const state = new MemoryState();
  state.put('account', account);
  const invoice = state.run(createInvoice, {
    accountId: account.id,
    accountNumber: null,
    invoiceNumber: null,
    invoiceDate: '2026-03-15',
    dueDate: null,
    paymentTerm: null,
    currency: 'USD',
    status: 'Draft',
    autoPay: false,
    comments: null,
    billToContactId: null,
    soldToContactId: null,
    items,
    details: {},
    customFields: {},
    ...fields,
  }) as Invoice;
  if (isRefusal(invoice)) throw new Error(invoice.message);
  const lines = () => linesOf(state, invoice.id);
  const update = (changes: Partial<UpdateInvoice>) =>
    state.run(updateInvoice, {
      invoiceId: invoice.id,
      fields: {},
      details: {},
      customFields: {},
      items: [],
      ...changes,
    });
  return { state, invoice, lines, update };
}

function linesOf(state: MemoryState, invoiceId: string) {
  return state
    .all('invoiceItem')
    .filter((item) => item.invoiceId === invoiceId)
    .sort((a, b) => a.line - b.line);
}

function change(
  itemId: string | null,
  fields: InvoiceItemChange['fields'],
  more: object = {},
): InvoiceItemChange {
  return { itemId, remove: false, fields, discounts: [], details: {}, customFields: {}, ...more };
}

describe('a draft', () => {
  it.each([
    ['an amount', { amount: '105' }, 10500, '105', '1'],
    ['a quantity, at the price it has', { quantity: '3' }, 3000, '10', '3'],
    ['a price', { unitPrice: '2.505' }, 251, '2.505', '1'],
    ['a price and a quantity', { unitPrice: '0.335', quantity: '3' }, 101, '0.335', '3'],
    [
      'an amount and a quantity: the price is for show',
      { amount: '10', quantity: '3' },
      1000,
      '3.333333333',
      '3',
    ],
    ['an amount below zero, as long as the invoice is not', { amount: '-5' }, -500, '-5', '1'],
  ] as const)('takes %s for a line', (_, fields, amountMinor, unitPrice, quantity) => {
    const { invoice, lines, update } = world([LINE, { ...LINE, amount: '20' }]);
    const first = lines()[0]!;
    const changed = update({ items: [change(first.id, fields)] }) as Invoice;
    expect(lines()[0]).toMatchObject({ id: first.id, line: 1, amountMinor, unitPrice, quantity });
    const total = amountMinor + 2000;
    expect(changed).toMatchObject({ amountMinor: total, balanceMinor: total, lineCount: invoice.lineCount });
  });

  it('takes lines and gives them up; numbers of lines are not used again', () => {
    const { state, lines, update } = world([LINE, { ...LINE, amount: '20' }]);
    const [first, second] = lines();
    const added = change(null, { amount: '7', chargeName: 'New', serviceStartDate: '2026-04-01' });
    const changed = update({ items: [change(second!.id, {}, { remove: true }), added] }) as Invoice;
    expect(changed).toMatchObject({ amountMinor: 1700, oneTimeLines: 2, lineCount: 3 });
    expect(lines().map(({ line, amountMinor }) => [line, amountMinor])).toEqual([
      [1, 1000],
      [3, 700],
    ]);
    const emptied = update({
      items: lines().map(({ id }) => change(id, {}, { remove: true })),
    }) as Invoice;
    expect(emptied).toMatchObject({ amountMinor: 0, oneTimeLines: 0, lineCount: 3 });
    expect(state.find('invoiceItem', first!.id)).toBeNull();
  });

  it('keeps discounts on lines of their own, which go with their line', () => {
    const { invoice, lines, update } = world([
      { ...LINE, discounts: [DISCOUNT, { ...DISCOUNT, amount: '-1' }] },
      LINE,
    ]);
    expect(invoice).toMatchObject({ amountMinor: 1500, discountMinor: 500, oneTimeLines: 2, lineCount: 4 });
    const [item, rebate] = lines();
    expect(
      lines().map(({ line, processingType, amountMinor, appliedToItemId }) => [
        line,
        processingType,
        amountMinor,
        appliedToItemId,
      ]),
    ).toEqual([
      [1, 'Charge', 1000, null],
      [2, 'Discount', -400, item!.id],
      [3, 'Discount', -100, item!.id],
      [4, 'Charge', 1000, null],
    ]);
    const further = { ...DISCOUNT, amount: '-2', itemId: null };
    const less = { ...DISCOUNT, amount: '-3', itemId: rebate!.id };
    // 10 − 3 − 1 − 2 + 10 = 14
    expect(update({ items: [change(item!.id, {}, { discounts: [less, further] })] })).toMatchObject({
      amountMinor: 1400,
      discountMinor: 600,
      lineCount: 5,
    });
    expect(update({ items: [change(item!.id, {}, { remove: true })] })).toMatchObject({
      amountMinor: 1000,
      discountMinor: 0,
      oneTimeLines: 1,
    });
    expect(lines()).toHaveLength(1);
  });

  it.each([
    [
      'follows the invoice date when it followed from the term',
      {},
      { invoiceDate: '2026-04-01' },
      '2026-05-01',
    ],
    ['stays when it was given', { dueDate: '2026-03-20' }, { invoiceDate: '2026-04-01' }, '2026-03-20'],
    ['is the given one', {}, { invoiceDate: '2026-04-01', dueDate: '2026-04-02' }, '2026-04-02'],
  ])('has a due date that %s', (_, fields, changes, dueDate) => {
    expect(world([LINE], fields).update({ fields: changes })).toMatchObject({ dueDate });
  });

  it('says more about itself and its lines; null takes it away again', () => {
    const { lines, update } = world([{ ...LINE, details: { sku: 'A', uom: 'Each' } }], {
      details: { templateId: 'T' },
    });
    const described = update({
      fields: { comments: 'checked', autoPay: true },
      details: { templateId: null, transferredToAccounting: 'Ignore' },
      customFields: { region__c: 'EU' },
      items: [
        change(lines()[0]!.id, {}, { details: { sku: null, description: 'x' }, customFields: { a__c: 1 } }),
      ],
    });
    expect(described).toMatchObject({
      comments: 'checked',
      autoPay: true,
      details: { transferredToAccounting: 'Ignore' },
      customFields: { region__c: 'EU' },
    });
    expect(lines()[0]).toMatchObject({
      details: { uom: 'Each', description: 'x' },
      customFields: { a__c: 1 },
    });
    expect(lines()[0]!.details).not.toHaveProperty('sku');
  });

  const NEW = { amount: '1', chargeName: 'x', serviceStartDate: '2026-03-01' };
  it.each([
    ['invoiceItems', (id: string) => [change(id, { amount: '-30' })]],
    [
      'invoiceItems',
      (id: string) => [
        change(id, { amount: '6000000000000' }),
        change(null, { ...NEW, amount: '6000000000000' }),
      ],
    ],
    ['invoiceItems[0].amount', (id: string) => [change(id, { amount: '1.005' })]],
    ['invoiceItems[0].id', () => [change('f'.repeat(32), { amount: '1' })]],
    ['invoiceItems[1].id', (id: string) => [change(id, { amount: '1' }), change(id, { amount: '2' })]],
    ['invoiceItems[0].id', () => [change(null, NEW, { remove: true })]],
    ['invoiceItems[0].serviceStartDate', () => [change(null, { amount: '1', chargeName: 'x' })]],
    ['invoiceItems[0].serviceEndDate', (id: string) => [change(id, { serviceEndDate: '2026-02-01' })]],
    ['invoiceItems[0].chargeName', () => [change(null, { amount: '1', serviceStartDate: '2026-03-01' })]],
    [
      'invoiceItems[0].discountItems[0].amount',
      (id: string) => [change(id, {}, { discounts: [{ ...DISCOUNT, amount: '4', itemId: null }] })],
    ],
    [
      'invoiceItems[0].discountItems[0].id',
      (id: string) => [change(id, {}, { discounts: [{ ...DISCOUNT, itemId: 'f'.repeat(32) }] })],
    ],
    [
      'invoiceItems[0].discountItems[0].id',
      (id: string) => [change(null, NEW, { discounts: [{ ...DISCOUNT, itemId: id }] })],
    ],
  ])('refuses a wrong %s and stays as it is', (field, items) => {
    const { state, invoice, lines, update } = world([LINE, { ...LINE, amount: '20' }]);
    const before = [lines(), state.find('invoice', invoice.id)];
    expect(update({ items: items(lines()[0]!.id) })).toMatchObject({ refused: true, field });
    expect([lines(), state.find('invoice', invoice.id)]).toEqual(before);
  });

  it('refuses a discount that is removed with its line and named beside it, and one of another line', () => {
    const { lines, update } = world([{ ...LINE, discounts: [DISCOUNT] }, LINE]);
    const [item, rebate, other] = lines();
    const both = [change(rebate!.id, { amount: '-1' }), change(item!.id, {}, { remove: true })];
    expect(update({ items: both })).toMatchObject({ refused: true, field: 'invoiceItems[1].id' });
    const wrong = change(other!.id, {}, { discounts: [{ ...DISCOUNT, itemId: rebate!.id }] });
    expect(update({ items: [wrong] })).toMatchObject({ field: 'invoiceItems[0].discountItems[0].id' });
    expect(update({ items: [change(rebate!.id, { amount: '1' })] })).toMatchObject({
      field: 'invoiceItems[0].amount',
    });
  });

  it('does not let lines be changed that bill a charge of a subscription: only described', () => {
    const { state, lines, update } = world([LINE]);
    const [line] = lines();
    state.put('invoiceItem', { ...line!, chargeNumber: 'C-00000001' });
    const fieldOf = (item: InvoiceItemChange) => update({ items: [item] });
    expect(fieldOf(change(line!.id, { amount: '9' }))).toMatchObject({ field: 'invoiceItems[0].amount' });
    expect(fieldOf(change(line!.id, { serviceEndDate: '2026-03-31' }))).toMatchObject({
      field: 'invoiceItems[0].serviceEndDate',
    });
    expect(fieldOf(change(line!.id, {}, { remove: true }))).toMatchObject({
      field: 'invoiceItems[0].spillwayRemove',
    });
    expect(fieldOf(change(line!.id, {}, { details: { sku: 'S' } }))).toMatchObject({ amountMinor: 1000 });
  });

  it('comes to have at most INVOICE_LINES_MAX lines', () => {
    const { state, invoice, update } = world([LINE]);
    state.put('invoice', { ...invoice, lineCount: INVOICE_LINES_MAX - 1 });
    expect(update({ items: [change(null, NEW)] })).toMatchObject({ lineCount: INVOICE_LINES_MAX });
    expect(update({ items: [change(null, NEW)] })).toMatchObject({ refused: true, field: 'invoiceItems' });
  });
});

describe('a posted invoice', () => {
  it('takes what moves no balance', () => {
    const { state, lines, update } = world([LINE], { status: 'Posted' });
    const deltas = state.deltas.length;
    const changed = update({
      fields: { dueDate: '2026-05-05', comments: 'called', autoPay: true, invoiceDate: '2026-03-15' },
      details: { transferredToAccounting: 'true' },
      items: [change(lines()[0]!.id, {}, { details: { description: 'late' } })],
    });
    expect(changed).toMatchObject({
      status: 'Posted',
      dueDate: '2026-05-05',
      amountMinor: 1000,
      balanceMinor: 1000,
    });
    expect(state.deltas).toHaveLength(deltas);
  });

  it.each([
    ['invoiceDate', { fields: { invoiceDate: '2026-03-16' } }],
    ['invoiceItems[0].id', { items: [change(null, { amount: '1' })] }],
    ['invoiceItems[0].id', { items: [change('f'.repeat(32), {})] }],
    ['invoiceItems[0].amount', { items: [change('1', { amount: '10' })] }],
    ['invoiceItems[0].quantity', { items: [change('1', { quantity: '1' })] }],
    ['invoiceItems[0].serviceStartDate', { items: [change('1', { serviceStartDate: '2026-03-01' })] }],
    ['invoiceItems[0].spillwayRemove', { items: [change('1', {}, { remove: true })] }],
    [
      'invoiceItems[0].discountItems',
      { items: [change('1', {}, { discounts: [{ ...DISCOUNT, itemId: null }] })] },
    ],
  ])('refuses another %s', (field, changes) => {
    const { update } = world([LINE], { status: 'Posted' });
    expect(update(changes)).toMatchObject({ refused: true, category: 'invalid', field });
  });

  it('is not changed once it is canceled, nor while it is generated', () => {
    const { state, invoice, update } = world([LINE]);
    state.put('invoice', { ...invoice, status: 'Generating' });
    expect(update({ fields: { comments: 'x' } })).toMatchObject({ refused: true, category: 'rule' });
    state.put('invoice', invoice);
    state.run(cancelInvoice, { invoiceId: invoice.id });
    expect(update({ fields: { comments: 'x' } })).toMatchObject({ refused: true, category: 'rule' });
    expect(state.run(unpostInvoice, { invoiceId: invoice.id })).toMatchObject({ category: 'rule' });
  });
});

describe('deleting', () => {
  it.each([
    ['at once', deleteInvoice],
    ['as a job', deleteLongInvoice],
  ])(
    '%s takes drafts and what is canceled, and neither what is posted nor what is being generated',
    (_, deletion) => {
      for (const status of ['Posted', 'Generating'] as const) {
        const { state, invoice } = world([LINE]);
        state.put('invoice', { ...invoice, status });
        expect(state.run(deletion, { invoiceId: invoice.id })).toMatchObject({
          refused: true,
          category: 'rule',
          message: expect.stringContaining(`is ${status}`),
        });
        expect(state.find('invoice', invoice.id)).toMatchObject({ status });
      }
      for (const status of ['Draft', 'Canceled'] as const) {
        const { state, invoice } = world([LINE]);
        state.put('invoice', { ...invoice, status });
        expect(state.run(deletion as typeof deleteInvoice, { invoiceId: invoice.id })).toMatchObject({
          id: invoice.id,
        });
        expect(state.find('invoice', invoice.id)).toBeNull();
      }
    },
  );
});

describe('unposting', () => {
  it('takes back what posting moved, and the last invoice date with it', () => {
    const { state, invoice } = world([LINE], { status: 'Posted' });
    const before = state.find('invoice', invoice.id);
    expect(state.run(unpostInvoice, { invoiceId: invoice.id })).toMatchObject({
      status: 'Draft',
      postedAt: null,
      postedBy: null,
      balanceMinor: 1000,
    });
    expect(state.deltas.at(-1)).toEqual({
      accountId: account.id,
      currency: 'USD',
      totalInvoiceBalanceMinor: -1000,
      withdrawsInvoiceDate: true,
      documentKind: 'invoice',
      documentId: invoice.id,
    });
    state.run(postInvoice, { invoiceId: invoice.id, invoiceDate: null, customFields: {} });
    expect(state.find('invoice', invoice.id)).toMatchObject({
      status: 'Posted',
      amountMinor: before?.amountMinor,
    });
  });

  it.each([
    ['nothing that is a draft', { status: 'Draft' }],
    ['nothing that is reversed', { isReversed: true }],
    ['nothing that a payment is applied to', { paymentsAppliedMinor: 1 }],
    ['nothing that a credit memo is applied to', { creditMemosAppliedMinor: 1 }],
  ] as const)('takes %s', (_, fields) => {
    const { state, invoice } = world([LINE], { status: 'Posted' });
    state.put('invoice', { ...invoice, ...fields });
    expect(state.run(unpostInvoice, { invoiceId: invoice.id })).toMatchObject({
      refused: true,
      category: 'rule',
    });
    expect(state.deltas).toHaveLength(1);
  });

  it.each(['creditMemo', 'debitMemo'] as const)(
    'waits until a %s that was made from it is canceled',
    (kind) => {
      const { state, invoice } = world([LINE], { status: 'Posted' });
      const memo = { id: 'c'.repeat(32), memoNumber: 'M-1', referredInvoiceId: invoice.id };
      state.put(kind, { ...memo, status: 'Draft' } as never);
      expect(state.run(unpostInvoice, { invoiceId: invoice.id })).toMatchObject({
        refused: true,
        message: expect.stringContaining(kind === 'creditMemo' ? 'credit memos' : 'debit memos'),
      });
      state.put(kind, { ...memo, status: 'Canceled' } as never);
      expect(state.run(unpostInvoice, { invoiceId: invoice.id })).toMatchObject({ status: 'Draft' });
    },
  );
});

it('an invoice is at every moment what its lines add up to', () => {
  const minor = fc.integer({ min: -300, max: 900 });
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      minor,
      discounts: fc.array(fc.integer({ min: -50, max: 5 }), { maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constantFrom('amount' as const, 'remove' as const, 'discount' as const),
      minor,
      pick: fc.nat({ max: 9 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { state, invoice, lines, update } = world([LINE]);
      for (const taken of steps) {
        const amount = fromMinor(taken.minor, 'USD');
        if (taken.kind === 'add') {
          const discounts = taken.discounts.map((less) => ({
            ...DISCOUNT,
            amount: fromMinor(less, 'USD'),
            itemId: null,
          }));
          update({
            items: [change(null, { amount, chargeName: 'x', serviceStartDate: '2026-03-01' }, { discounts })],
          });
          continue;
        }
        const item = lines()[taken.pick % Math.max(lines().length, 1)];
        if (item === undefined) continue;
        if (taken.kind === 'amount') update({ items: [change(item.id, { amount })] });
        else if (taken.kind === 'remove') update({ items: [change(item.id, {}, { remove: true })] });
        else update({ items: [change(item.id, {}, { discounts: [{ ...DISCOUNT, amount, itemId: null }] })] });
      }
      const now = state.find('invoice', invoice.id)!;
      expect(now).toMatchObject({ ...totalsOf(lines()), balanceMinor: now.amountMinor });
      expect(now.amountMinor).toBeGreaterThanOrEqual(0);
      expect(Math.max(0, ...lines().map(({ line }) => line))).toBeLessThanOrEqual(now.lineCount);
      expect(new Set(lines().map(({ line }) => line)).size).toBe(lines().length);
      expect(state.deltas).toEqual([]);
    }),
  );
});
