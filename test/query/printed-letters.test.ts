import { PDFDocument, StandardFonts } from 'pdf-lib';
import { beforeAll, expect, test } from 'vitest';
import { PdfText } from '../../src/query/printing/pdf-text.ts';
import { SheetFormat } from '../../src/query/printing/sheet.ts';

// Amounts and dates of a PDF file, whose fonts have few letters: none of them may be missing.

let text: PdfText;

beforeAll(async () => {
  const file = await PDFDocument.create();
  text = new PdfText(await file.embedFont(StandardFonts.Helvetica));
});

/** Blanks of all kinds as the font has them. */
const plain = (shown: string) => shown.replaceAll(/\s/gu, ' ');

test.each([
  ['en-US', 'USD', '-$1,234.50', 'Jan 5, 2026'],
  ['de-DE', 'EUR', '-1.234,50 €', '5. Jan. 2026'],
  ['en-IN', 'INR', '-INR 1,234.50', '5 Jan 2026'],
  ['ar-EG', 'USD', '-$1,234.50', 'Jan 5, 2026'],
  ['ar-EG', 'EGP', '-EGP 1,234.50', 'Jan 5, 2026'],
])('%s, %s', (locale, currency, money, date) => {
  const format = SheetFormat.inLetters((letters) => text.canShow(letters), locale, currency);
  expect([plain(format.money(-123_450)), plain(format.date('2026-01-05'))]).toEqual([money, date]);
  expect(text.canShow(format.money(-123_450) + format.date('2026-01-05'))).toBe(true);
});
