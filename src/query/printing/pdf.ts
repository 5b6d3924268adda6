import { PDFDocument, PDFName, type PDFRef, StandardFonts } from 'pdf-lib';
import type { PrintableDocument, PrintableLine } from '../../persistence/printable-documents.ts';
import { PdfText } from './pdf-text.ts';
import { type Sheet, SheetFormat, type SheetLine, sheetLineOf, sheetOf } from './sheet.ts';

/** A4 in points, and what is left free around the text. */
const PAGE = { width: 595, height: 842, margin: 48 } as const;
const RIGHT = PAGE.width - PAGE.margin;
const BOTTOM = PAGE.margin + 24;
const SIZE = { title: 18, text: 9, small: 7.5 } as const;
const LEADING = 1.35;
const DARK = '0.11 0.12 0.14';
const GREY = '0.34 0.38 0.42';
/** Left edges of the first two columns, right edges of the numbers. */
const COLUMN = { item: PAGE.margin, service: 300, quantity: 410, price: 475, amount: RIGHT } as const;
const ITEM_WIDTH = COLUMN.service - COLUMN.item - 12;
const SERVICE_WIDTH = 70;
/** Lines that a text may take in a cell. */
const CELL_LINES_MAX = 4;
const COMMENT_LINES_MAX = 12;

type Style = { readonly size: number; readonly bold?: boolean; readonly color?: string };
type Place = { readonly x: number; readonly y: number; readonly right?: boolean };

/**
 * A document as a PDF file. Each page is compressed as soon as it is full, so that what is in memory of a long document is the
 * file that it becomes.
 */
export async function pdfOf(
  document: PrintableDocument,
  lines: AsyncIterable<PrintableLine>,
  locale: string,
  createdAt: string,
): Promise<Uint8Array> {
  const file = await PDFDocument.create();
  const fonts = await embedFonts(file);
  const format = SheetFormat.inLetters((text) => fonts.plain.canShow(text), locale, document.currency);
  const sheet = sheetOf(document, format);
  file.setTitle(sheet.title);
  file.setProducer('Spillway');
  file.setCreator('Spillway');
  file.setCreationDate(new Date(createdAt));
  file.setModificationDate(new Date(createdAt));
  const writer = new PageWriter(file, sheet, fonts);
  writer.head();
  for await (const line of lines) writer.line(sheetLineOf(line, document.currency, format));
  writer.foot();
  writer.finish();
  return file.save();
}

interface Fonts {
  readonly plain: PdfText;
  readonly bold: PdfText;
  readonly resources: PDFRef;
}

async function embedFonts(file: PDFDocument): Promise<Fonts> {
  const plain = await file.embedFont(StandardFonts.Helvetica);
  const bold = await file.embedFont(StandardFonts.HelveticaBold);
  const resources = file.context.register(file.context.obj({ Font: { F1: plain.ref, F2: bold.ref } }));
  return { plain: new PdfText(plain), bold: new PdfText(bold), resources };
}

/** Writes pages from their top to their bottom, as operators of content streams. */
class PageWriter {
  readonly #file: PDFDocument;
  readonly #sheet: Sheet;
  readonly #fonts: Fonts;
  readonly #pages: PDFRef[] = [];
  #operators: string[] = [];
  #y = PAGE.height - PAGE.margin;

  constructor(file: PDFDocument, sheet: Sheet, fonts: Fonts) {
    this.#file = file;
    this.#sheet = sheet;
    this.#fonts = fonts;
  }

  /** Title, facts and addresses of the first page. */
  head(): void {
    const { title, notice, facts, parties } = this.#sheet;
    if (notice !== null) this.#row(notice, { size: SIZE.text, bold: true, color: GREY });
    for (const part of this.#fonts.bold.wrap(title, SIZE.title, RIGHT - PAGE.margin, CELL_LINES_MAX)) {
      this.#row(part, { size: SIZE.title, bold: true });
    }
    this.#y -= 6;
    const top = this.#y;
    for (const [name, value] of facts) {
      const y = this.#y - SIZE.text;
      this.#text(name, { x: PAGE.margin, y }, { size: SIZE.text, color: GREY });
      for (const part of this.#fonts.plain.wrap(value, SIZE.text, 170, CELL_LINES_MAX)) {
        this.#row(part, { size: SIZE.text }, PAGE.margin + 60);
      }
    }
    let lowest = this.#y;
    for (const [i, party] of parties.entries()) {
      this.#y = top;
      const x = COLUMN.service + i * 125;
      this.#row(party.title, { size: SIZE.text, color: GREY }, x);
      for (const part of party.lines.flatMap((line) => this.#fonts.plain.wrap(line, SIZE.text, 115, 2))) {
        this.#row(part, { size: SIZE.text }, x);
      }
      lowest = Math.min(lowest, this.#y);
    }
    this.#y = lowest - 18;
    this.#columns();
  }

  line(line: SheetLine): void {
    const { plain } = this.#fonts;
    const name = plain.wrap(line.name, SIZE.text, ITEM_WIDTH, CELL_LINES_MAX);
    const notes = [line.description, line.explanation].flatMap((text) =>
      text === null ? [] : plain.wrap(text, SIZE.small, ITEM_WIDTH, CELL_LINES_MAX),
    );
    const service = plain.wrap(line.service, SIZE.text, SERVICE_WIDTH + 20, CELL_LINES_MAX);
    const height =
      Math.max(name.length * SIZE.text + notes.length * SIZE.small, service.length * SIZE.text) * LEADING + 8;
    if (this.#y - height < BOTTOM) this.#turn();
    const top = this.#y;
    for (const part of name) this.#row(part, { size: SIZE.text });
    for (const part of notes) this.#row(part, { size: SIZE.small, color: GREY });
    this.#y = top;
    for (const part of service) this.#row(part, { size: SIZE.text }, COLUMN.service);
    const y = top - SIZE.text;
    this.#text(line.quantity, { x: COLUMN.quantity, y, right: true }, { size: SIZE.text });
    this.#text(line.unitPrice, { x: COLUMN.price, y, right: true }, { size: SIZE.text });
    this.#text(line.amount, { x: COLUMN.amount, y, right: true }, { size: SIZE.text });
    this.#y = top - height;
    this.#rule(this.#y + 2, 0.4);
  }

  /** Totals and the comment, below the last line or on a page of their own. */
  foot(): void {
    const { totals, comment } = this.#sheet;
    if (this.#y - totals.length * SIZE.text * 1.6 - 20 < BOTTOM) this.#turn();
    this.#y -= 10;
    for (const [i, [name, value]] of totals.entries()) {
      const style = { size: SIZE.text, bold: i === totals.length - 1 };
      const y = this.#y - SIZE.text;
      this.#text(name, { x: COLUMN.service, y }, style);
      this.#text(value, { x: COLUMN.amount, y, right: true }, style);
      this.#y -= SIZE.text * 1.6;
    }
    if (comment === null) return;
    this.#y -= 12;
    const { plain } = this.#fonts;
    const parts = comment
      .split('\n')
      .flatMap((line) => plain.wrap(line, SIZE.text, RIGHT - PAGE.margin, COMMENT_LINES_MAX));
    for (const part of parts.slice(0, COMMENT_LINES_MAX)) {
      if (this.#y - SIZE.text < BOTTOM) this.#turn();
      this.#row(part, { size: SIZE.text });
    }
  }

  /** Makes the pages: which of how many a page is, is known only now. */
  finish(): void {
    this.#close();
    for (const [i, content] of this.#pages.entries()) {
      this.#text(this.#sheet.title, { x: PAGE.margin, y: PAGE.margin }, { size: SIZE.small, color: GREY });
      const place = `Page ${i + 1} of ${this.#pages.length}`;
      this.#text(place, { x: RIGHT, y: PAGE.margin, right: true }, { size: SIZE.small, color: GREY });
      const page = this.#file.addPage([PAGE.width, PAGE.height]);
      page.node.set(PDFName.of('Resources'), this.#fonts.resources);
      page.node.set(PDFName.of('Contents'), this.#file.context.obj([content, this.#stream('short')]));
    }
  }

  #columns(): void {
    const [item, service, quantity, price, amount] = this.#sheet.columns;
    const style = { size: SIZE.text, bold: true };
    const y = this.#y - SIZE.text;
    this.#text(item, { x: COLUMN.item, y }, style);
    this.#text(service, { x: COLUMN.service, y }, style);
    this.#text(quantity, { x: COLUMN.quantity, y, right: true }, style);
    this.#text(price, { x: COLUMN.price, y, right: true }, style);
    this.#text(amount, { x: COLUMN.amount, y, right: true }, style);
    this.#y -= SIZE.text * 1.8;
    this.#rule(this.#y + 2, 1);
    this.#y -= 4;
  }

  #turn(): void {
    this.#close();
    this.#y = PAGE.height - PAGE.margin;
    this.#columns();
  }

  #close(): void {
    this.#pages.push(this.#stream('page'));
  }

  /** What was written since the last one: compressed, unless that would cost more than it saves. */
  #stream(length: 'page' | 'short'): PDFRef {
    const { context } = this.#file;
    const text = this.#operators.join('\n');
    const stream = context.register(length === 'page' ? context.flateStream(text) : context.stream(text));
    this.#operators = [];
    return stream;
  }

  #row(text: string, style: Style, x: number = PAGE.margin): void {
    this.#text(text, { x, y: this.#y - style.size }, style);
    this.#y -= style.size * LEADING;
  }

  #text(text: string, { x, y, right }: Place, { size, bold, color }: Style): void {
    const font = bold === true ? this.#fonts.bold : this.#fonts.plain;
    const left = right === true ? x - font.width(text, size) : x;
    const at = `${left.toFixed(2)} ${y.toFixed(2)} Td`;
    this.#operators.push(
      `BT ${color ?? DARK} rg /F${bold === true ? 2 : 1} ${size} Tf ${at} ${font.encode(text)} Tj ET`,
    );
  }

  #rule(y: number, width: number): void {
    const at = y.toFixed(2);
    this.#operators.push(`${DARK} RG ${width} w ${PAGE.margin} ${at} m ${RIGHT} ${at} l S`);
  }
}
