import { newTimeOrderedId } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { readFilesOfDocument, storeFile } from '../../persistence/files.ts';
import {
  type PrintableDocument,
  type PrintableKind,
  readPrintableDocument,
  readPrintableLines,
} from '../../persistence/printable-documents.ts';
import { htmlOf } from '../../query/printing/html.ts';
import { localeOf, toWireDocumentFile, wirePrinting } from '../../wire/files.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { pageOf, pageReply, rangeOf } from '../paging.ts';

/** One kind of document: where it is mounted, and the ids of its operations. */
interface Printed {
  readonly kind: PrintableKind;
  readonly segment: string;
  readonly parameter: string;
  readonly word: string;
  readonly ids: { readonly pdf: string; readonly files: string; readonly printable: string };
  readonly listName: string;
  readonly resourceCode: string;
}

const PRINTED: readonly Printed[] = [
  {
    kind: 'invoice',
    segment: 'invoices',
    parameter: 'invoiceKey',
    word: 'invoice',
    ids: { pdf: 'spillwayInvoicePdf', files: 'GET_InvoiceFiles', printable: 'spillwayPrintableInvoice' },
    listName: 'invoiceFiles',
    resourceCode: '584900',
  },
  {
    kind: 'creditMemo',
    segment: 'credit-memos',
    parameter: 'creditMemoKey',
    word: 'credit memo',
    ids: {
      pdf: 'POST_CreditMemoPDF',
      files: 'GET_CreditMemoFiles',
      printable: 'spillwayPrintableCreditMemo',
    },
    listName: 'creditMemoFiles',
    resourceCode: '584600',
  },
  {
    kind: 'debitMemo',
    segment: 'debit-memos',
    parameter: 'debitMemoKey',
    word: 'debit memo',
    ids: { pdf: 'POST_DebitMemoPDF', files: 'GET_DebitMemoFiles', printable: 'spillwayPrintableDebitMemo' },
    listName: 'debitMemoFiles',
    resourceCode: '584700',
  },
];

/** Nothing of a document is code, and a browser shall not take it for some. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;
const HOURS_PER_DAY = 24;
const HOUR_MS = 3_600_000;

function operationsOf(printed: Printed): AnyOperation[] {
  const { kind, segment, parameter, word, ids, listName, resourceCode } = printed;
  const keyOf = (c: AppContext) => c.req.param(parameter) ?? '';
  const find = (c: AppContext) => readPrintableDocument(reader(c), kind, keyOf(c));
  const notFound = (c: AppContext) => refused(c, refuse('not_found', `There is no ${word} ${keyOf(c)}.`));
  return [
    operation({
      id: ids.printable,
      method: 'get',
      path: `/v1/spillway/${segment}/:${parameter}/printable`,
      role: 'read',
      query: wirePrinting,
      async handle(c, { query }) {
        const document = await find(c);
        if (document === null) return notFound(c);
        const pieces = htmlOf(document, readPrintableLines(reader(c), document), localeOf(query));
        return new Response(streamOf(pieces), { headers: PAGE_HEADERS });
      },
    }),
    operation({
      id: ids.pdf,
      method: 'post',
      path: `/v1/${segment}/:${parameter}/pdfs`,
      role: 'standard',
      resourceCode,
      query: wirePrinting,
      async handle(c, { query }) {
        const document = await find(c);
        if (document === null) return notFound(c);
        if (document.lineCount > limits.pdfLinesMax) {
          const message = `${word} ${document.number} has more than ${limits.pdfLinesMax} items: too many for a PDF file. Its printable page has them all.`;
          return refused(c, refuse('rule', message));
        }
        return c.json({ ...(await storePdf(c, document, localeOf(query))), success: true });
      },
    }),
    operation({
      id: ids.files,
      method: 'get',
      path: `/v1/${segment}/:${parameter}/files`,
      role: 'read',
      query: wirePaging,
      async handle(c, { query }) {
        const document = await find(c);
        if (document === null) return notFound(c);
        const page = pageOf(query);
        const now = new Date().toISOString();
        const files = await readFilesOfDocument(reader(c), document.id, now, rangeOf(page));
        return pageReply(c, page, listName, files, toWireDocumentFile);
      },
    }),
  ];
}

/** Makes the PDF file of a document as it is now and keeps it. */
async function storePdf(c: AppContext, document: PrintableDocument, locale: string) {
  const createdAt = new Date().toISOString();
  // Loaded by who asks for a PDF and by nobody else.
  const { pdfOf } = await import('../../query/printing/pdf.ts');
  const content = await pdfOf(document, readPrintableLines(reader(c), document), locale, createdAt);
  const file = {
    id: newTimeOrderedId(createdAt),
    name: `${document.number}.pdf`,
    contentType: 'application/pdf',
    documentId: document.id,
    createdAt,
    expiresAt: new Date(Date.parse(createdAt) + limits.fileDays * HOURS_PER_DAY * HOUR_MS).toISOString(),
  };
  await storeFile({ db: c.env.DB, bucket: c.env.FILES }, file, content);
  return toWireDocumentFile(file);
}

/** Pieces of text as the body of a reply; the next is made when the one before was taken. */
function streamOf(pieces: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const piece = await pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    async cancel() {
      await pieces.return();
    },
  });
}

export const printingOperations: readonly AnyOperation[] = PRINTED.flatMap(operationsOf);
