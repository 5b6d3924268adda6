import { html, raw } from 'hono/html';
import type { PrintableDocument, PrintableLine } from '../../persistence/printable-documents.ts';
import { type Sheet, SheetFormat, type SheetLine, sheetLineOf, sheetOf } from './sheet.ts';

/** Texts of others stay in their cell, whichever way their letters run. */
const STYLE = raw(`
:root { color-scheme: light; }
body { font: 14px/1.45 system-ui, sans-serif; color: #1b1f24; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 1.25rem; overflow-wrap: anywhere; }
.notice { display: inline-block; border: 1px solid #b54708; color: #b54708; border-radius: 4px; padding: 0 .5rem; margin: 0 0 .75rem; }
.head { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; margin-bottom: 2rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .15rem 1rem; margin: 0; }
dt, h2 { color: #57606a; font-weight: 400; font-size: inherit; margin: 0; }
dd { margin: 0; }
address { font-style: normal; }
address div, dd, td, .comment { overflow-wrap: anywhere; unicode-bidi: isolate; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid #1b1f24; padding: .4rem .5rem; }
td { border-bottom: 1px solid #d0d7de; padding: .5rem; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
small { display: block; color: #57606a; unicode-bidi: isolate; }
.totals { margin: 1.25rem 0 0 auto; width: 22rem; max-width: 100%; }
.totals td { border: 0; padding: .2rem .5rem; }
.totals tr:last-child td { border-top: 2px solid #1b1f24; font-weight: 600; padding-top: .4rem; }
.comment { margin-top: 2rem; white-space: pre-line; }
@media print { body { margin: 0; max-width: none; padding: 0; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`);

function headOf(sheet: Sheet): string {
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${sheet.title}</title><style>${STYLE}</style></head><body>
${sheet.notice === null ? '' : html`<p class="notice">${sheet.notice}</p>`}
<h1>${sheet.title}</h1>
<section class="head"><dl>${sheet.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${sheet.parties.map(({ title, lines }) => html`<address><h2>${title}</h2>${lines.map((line) => html`<div>${line}</div>`)}</address>`)}</section>
<table><thead><tr>${sheet.columns.map((name, i) => html`<th${i > 1 ? raw(' class="n"') : ''}>${name}</th>`)}</tr></thead><tbody>
`);
}

function rowOf(line: SheetLine): string {
  return String(html`<tr><td>${line.name}${line.description === null ? '' : html`<small>${line.description}</small>`}<small>${line.explanation}</small></td><td>${line.service}</td><td class="n">${line.quantity}</td><td class="n">${line.unitPrice}</td><td class="n">${line.amount}</td></tr>
`);
}

function footOf(sheet: Sheet): string {
  return String(html`</tbody></table>
<table class="totals"><tbody>${sheet.totals.map(([name, value]) => html`<tr><td>${name}</td><td class="n">${value}</td></tr>`)}</tbody></table>
${sheet.comment === null ? '' : html`<p class="comment">${sheet.comment}</p>`}
</body></html>
`);
}

/** A document as an HTML page, in pieces: however many lines it has, only some of them are in memory. */
export async function* htmlOf(
  document: PrintableDocument,
  lines: AsyncIterable<PrintableLine>,
  locale: string,
): AsyncGenerator<string, void> {
  const format = new SheetFormat(locale, document.currency);
  const sheet = sheetOf(document, format);
  yield headOf(sheet);
  for await (const line of lines) yield rowOf(sheetLineOf(line, document.currency, format));
  yield footOf(sheet);
}
