import { explainItem } from '../../domain/billing/explain-item.ts';
import { currencyDigits } from '../../domain/currencies.ts';
import { fromMinor } from '../../domain/money.ts';
import type { JsonObject } from '../../domain/result.ts';
import type { PrintableDocument, PrintableLine } from '../../persistence/printable-documents.ts';

/**
 * What a printed document says, in which order and in which words: the one model that the HTML page and the PDF file are made of.
 * All texts are plain: whoever renders them escapes them.
 */
export interface Sheet {
  /** 'Invoice INV00000001' */
  readonly title: string;
  /** Above everything when the document does not count: 'Draft', 'Canceled'. */
  readonly notice: string | null;
  readonly facts: ReadonlyArray<readonly [string, string]>;
  readonly parties: ReadonlyArray<{ readonly title: string; readonly lines: readonly string[] }>;
  readonly columns: readonly [string, string, string, string, string];
  readonly totals: ReadonlyArray<readonly [string, string]>;
  readonly comment: string | null;
}

export interface SheetLine {
  readonly name: string;
  readonly description: string | null;
  /** How the amount came to be. */
  readonly explanation: string;
  readonly service: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
}

const TITLES = { invoice: 'Invoice', creditMemo: 'Credit memo', debitMemo: 'Debit memo' } as const;
const IN_ENGLISH = 'en';
const ADDRESS = ['address1', 'address2'] as const;

/** Formats dates and numbers of one document as a language and region writes them. */
export class SheetFormat {
  readonly #currency: string;
  readonly #money: Intl.NumberFormat;
  readonly #number: Intl.NumberFormat;
  readonly #date: Intl.DateTimeFormat;

  /**
   * The format of a locale for fonts that lack letters: with the currency's code where they lack its sign, and in English where they lack the
   * locale's digits or months. An amount with a letter missing is none.
   */
  static inLetters(canShow: (text: string) => boolean, locale: string, currency: string): SheetFormat {
    const formats = [
      new SheetFormat(locale, currency),
      new SheetFormat(locale, currency, 'code'),
      new SheetFormat(IN_ENGLISH, currency),
    ];
    return (
      formats.find((format) => canShow(format.#sample())) ?? new SheetFormat(IN_ENGLISH, currency, 'code')
    );
  }

  constructor(locale: string, currency: string, currencyDisplay: 'symbol' | 'code' = 'symbol') {
    const digits = currencyDigits(currency);
    this.#currency = currency;
    this.#money = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    this.#number = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
    this.#date = new Intl.DateTimeFormat(locale, {
      timeZone: 'UTC',
      year: 'numeric',
      month: 'short',
      day: 'numeric',
    });
  }

  /** Every letter that it writes. */
  #sample(): string {
    const months = Array.from({ length: 12 }, (_, i) =>
      this.date(`2026-${String(i + 1).padStart(2, '0')}-10`),
    );
    return [this.money(-1_234_567_890), this.number('-1234567890.5'), ...months].join(' ');
  }

  /** Exact: formatted from decimal text, never from a float. */
  money(minor: number): string {
    return this.#money.format(fromMinor(minor, this.#currency) as Intl.StringNumericLiteral);
  }

  number(decimal: string): string {
    return this.#number.format(decimal as Intl.StringNumericLiteral);
  }

  date(date: string): string {
    return this.#date.format(new Date(`${date}T00:00:00.000Z`));
  }
}

export function sheetOf(document: PrintableDocument, format: SheetFormat): Sheet {
  const { kind, status, dueDate } = document;
  return {
    title: `${TITLES[kind]} ${document.number}`,
    notice: status === 'Posted' ? null : status,
    facts: [
      ['Date', format.date(document.date)],
      ...(dueDate === null ? [] : [['Due', format.date(dueDate)] as const]),
      ['Account', `${document.accountName} (${document.accountNumber})`],
      ['Currency', document.currency],
    ],
    parties: [
      { title: 'Bill to', lines: partyOf(document.billTo) },
      { title: 'Sold to', lines: partyOf(document.soldTo) },
    ].filter(({ lines }) => lines.length > 0),
    columns: ['Item', 'Service', 'Quantity', 'Price', 'Amount'],
    totals: totalsOf(document, format),
    comment: document.comment === '' ? null : document.comment,
  };
}

export function sheetLineOf(line: PrintableLine, currency: string, format: SheetFormat): SheetLine {
  const { serviceStartDate, serviceEndDate } = line;
  const from = format.date(serviceStartDate);
  const oneDay = serviceEndDate === null || serviceEndDate === serviceStartDate;
  return {
    name: line.chargeName,
    description: line.description === '' ? null : line.description,
    explanation: explainItem(line, currency),
    service: oneDay ? from : `${from} – ${format.date(serviceEndDate)}`,
    quantity: format.number(line.quantity),
    unitPrice: format.number(line.unitPrice),
    amount: format.money(line.amountMinor),
  };
}

function totalsOf(document: PrintableDocument, format: SheetFormat): Array<readonly [string, string]> {
  const { amountMinor, taxMinor, paymentsMinor, creditedMinor, refundedMinor, openMinor } = document;
  const isCredit = document.kind === 'creditMemo';
  const taken: ReadonlyArray<readonly [string, number]> = isCredit
    ? [
        ['Applied', -creditedMinor],
        ['Refunded', -refundedMinor],
      ]
    : [
        ['Payments', -paymentsMinor],
        ['Credits', -creditedMinor],
      ];
  return [
    ...(taxMinor === 0
      ? []
      : [
          ['Without tax', format.money(amountMinor - taxMinor)] as const,
          ['Tax', format.money(taxMinor)] as const,
        ]),
    ['Total', format.money(amountMinor)],
    ...taken
      .filter(([, minor]) => minor !== 0)
      .map(([label, minor]) => [label, format.money(minor)] as const),
    [isCredit ? 'Left to apply' : 'Balance due', format.money(openMinor)],
  ];
}

/** A contact as the lines of an address. */
function partyOf(contact: JsonObject | null): string[] {
  if (contact === null) return [];
  const text = (name: string) => {
    const value = contact[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const joined = (...names: string[]) =>
    names
      .map(text)
      .filter((part) => part !== '')
      .join(' ');
  return [
    joined('firstName', 'lastName'),
    ...ADDRESS.map(text),
    joined('zipCode', 'city', 'state'),
    text('country'),
    text('workEmail'),
  ].filter((line) => line !== '');
}
