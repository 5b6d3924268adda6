import { z } from 'zod';

const LOCALE_DEFAULT = 'en-US';

/** Query of what is printed: a language and region whose formats dates and numbers have. */
export const wirePrinting = z.object({
  locale: z
    .string()
    .max(35, 'must have at most 35 characters')
    .refine(isLocale, 'must be a language and region such as de-DE')
    .optional(),
});

function isLocale(text: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text).length > 0;
  } catch {
    return false;
  }
}

export function localeOf({ locale }: z.output<typeof wirePrinting>): string {
  return locale ?? LOCALE_DEFAULT;
}

/** A file of an invoice or memo, as the lists of files show it. */
export function toWireDocumentFile(file: { readonly id: string; readonly createdAt: string }) {
  return {
    id: file.id,
    pdfFileUrl: `/v1/files/${file.id}`,
    versionNumber: Date.parse(file.createdAt),
  };
}
