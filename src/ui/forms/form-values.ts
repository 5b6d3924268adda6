/** What a form sent, by field name. Fields are named by their path in the API's body: billToContact.firstName, orderLineItems[0].quantity. */
export class FormValues {
  private readonly values = new Map<string, string[]>();
  private readonly uploads = new Map<string, File>();

  constructor(entries: Iterable<readonly [string, string | File]>) {
    for (const [name, value] of entries) {
      if (typeof value !== 'string') this.uploads.set(name, value);
      else this.values.set(name, [...(this.values.get(name) ?? []), value]);
    }
  }

  /** The first value of a field, without blanks around it; '' when it was not sent. */
  text(name: string): string {
    return this.values.get(name)?.[0]?.trim() ?? '';
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  file(name: string): File | null {
    return this.uploads.get(name) ?? null;
  }

  names(): string[] {
    return [...this.values.keys()];
  }

  entries(): Array<readonly [string, string]> {
    return [...this.values].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  }

  /** These and more entries; uploads are left out. */
  with(more: Iterable<readonly [string, string]>): FormValues {
    return new FormValues([...this.entries(), ...more]);
  }

  /** Numbers of the rows of a repeated group, in the order in which they stand: of items[0].x and items[2].x 0 and 2. */
  rowsOf(group: string): number[] {
    const rows = this.names().flatMap((name) => {
      if (!name.startsWith(`${group}[`)) return [];
      const row = /^(\d{1,4})\]/.exec(name.slice(group.length + 1))?.[1];
      return row === undefined ? [] : [Number(row)];
    });
    return [...new Set(rows)].sort((a, b) => a - b);
  }
}

/** Without a form: what a page shows before anything was typed. */
export function valuesOf(values: Readonly<Record<string, string>>): FormValues {
  return new FormValues(Object.entries(values));
}

/** Reads a form's body, of either encoding. A body that is no form holds nothing. */
export async function readFormValues(request: Request, text: string): Promise<FormValues> {
  const type = request.headers.get('Content-Type') ?? '';
  if (/^\s*application\/x-www-form-urlencoded/i.test(type)) return new FormValues(new URLSearchParams(text));
  if (!/^\s*multipart\/form-data/i.test(type)) return new FormValues([]);
  try {
    const form = await new Response(text, { headers: { 'Content-Type': type } }).formData();
    return new FormValues(form as unknown as Iterable<readonly [string, string | File]>);
  } catch {
    return new FormValues([]);
  }
}
