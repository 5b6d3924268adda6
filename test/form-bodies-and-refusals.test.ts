// What a form's fields become in the API's body, and where a refusal of that body is shown.

import { describe, expect, test } from 'vitest';
import { bodyOf, type Field, valuesFrom, wireNumber } from '../src/ui/forms/fields.ts';
import { FormValues } from '../src/ui/forms/form-values.ts';
import { problemsOf } from '../src/ui/forms/problems.ts';

const FIELDS: readonly Field[] = [
  { name: 'name', label: 'Name' },
  { name: 'billTo.city', label: 'City', whenEmpty: 'null' },
  { name: 'notes', label: 'Notes', whenEmpty: 'text' },
  { name: 'isOn', label: 'On', type: 'checkbox' },
  { name: 'items[0].amount', label: 'Amount', type: 'decimal' },
  { name: 'items[2].amount', label: 'Amount', type: 'decimal' },
];

describe('a body', () => {
  test('has members by the paths of the fields; lists close up, empty fields are what they say', () => {
    const values = new FormValues([
      ['name', ' Ann '],
      ['items[0].amount', '1.10'],
      ['items[2].amount', '-2'],
    ]);
    expect(bodyOf(FIELDS, values)).toEqual({
      name: 'Ann',
      billTo: { city: null },
      notes: '',
      isOn: false,
      items: [{ amount: 1.1 }, { amount: -2 }],
    });
  });

  test('shown again, is the form that it was made of', () => {
    const shown = { name: 'Ann', billTo: { city: 'Bern' }, isOn: true, items: [{ amount: 0 }] };
    expect(valuesFrom(FIELDS, shown)).toEqual({
      name: 'Ann',
      'billTo.city': 'Bern',
      isOn: 'true',
      'items[0].amount': '0',
    });
  });

  test.each([
    ['0.1', 0.1],
    ['+5.', 5],
    ['000000000000000000001', 1],
    ['123456789012345', 123456789012345],
    // More digits than a number keeps: the API refuses the text, where a number would be another amount.
    ['12345678901234567.89', '12345678901234567.89'],
    ['1e3', '1e3'],
    ['1,5', '1,5'],
    ['much', 'much'],
  ])('takes %s for %s', (text, wanted) => {
    expect(wireNumber(text)).toBe(wanted);
  });
});

describe('a refusal', () => {
  const refusal = (...messages: string[]) => ({
    status: 400,
    isOk: false,
    headers: new Headers(),
    body: { success: false, reasons: messages.map((message) => ({ code: 1, message })) },
  });

  test('stands beside the field whose path it names, whether before a colon or within', () => {
    expect(problemsOf(refusal('items[2].amount: must be a number'), FIELDS)).toEqual([
      { field: 'items[2].amount', message: 'Must be a number' },
    ]);
    expect(problemsOf(refusal('billTo.city is not in the country'), FIELDS)).toEqual([
      { field: 'billTo.city', message: 'billTo.city is not in the country' },
    ]);
  });

  test('of a name that is part of another is not taken for it; what names none stands above', () => {
    const fields: readonly Field[] = [
      { name: 'amount', label: 'Amount' },
      { name: 'amountLeft', label: 'Left' },
    ];
    expect(problemsOf(refusal('amountLeft: is too much', 'nothing was done'), fields)).toEqual([
      { field: 'amountLeft', message: 'Is too much' },
      { field: null, message: 'nothing was done' },
    ]);
  });

  test('without a word says its status', () => {
    expect(problemsOf({ ...refusal(), body: {} }, FIELDS)[0]!.message).toContain('400');
  });
});
