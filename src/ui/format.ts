import { currencyDigits } from '../domain/currencies.ts';

const LOCALE_DEFAULT = 'en-US';
/** Numbers below are written out. */
const COMPACT_FROM = 1_000_000;
const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** How this user reads dates, numbers and money. Locale and zone are checked when they are stored or chosen: what Intl does not know is never here. */
export class Format {
  private readonly formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

  constructor(
    readonly locale: string,
    readonly timeZone: string,
  ) {}

  /** An amount with as many digits as its currency has, or more when it has more; the currency's code goes with it. */
  money(amount: number | string | null | undefined, currency: string | null | undefined): string {
    if (amount === null || amount === undefined || amount === '') return '';
    if (!currency) return this.number(amount);
    return `${this.amount(amount, currency)} ${currency}`;
  }

  /** The same without the code, for columns whose head or neighbour names the currency. */
  amount(amount: number | string | null | undefined, currency: string): string {
    if (amount === null || amount === undefined || amount === '') return '';
    const digits = currencyDigits(currency) ?? 2;
    const formatter = this.kept(
      `money ${digits}`,
      () => new Intl.NumberFormat(this.locale, { minimumFractionDigits: digits, maximumFractionDigits: 9 }),
    ) as Intl.NumberFormat;
    return formatter.format(amount as number);
  }

  number(value: number | string | null | undefined): string {
    if (value === null || value === undefined || value === '') return '';
    const formatter = this.kept(
      'number',
      () => new Intl.NumberFormat(this.locale, { maximumFractionDigits: 9 }),
    );
    return (formatter as Intl.NumberFormat).format(value as number);
  }

  /** A round number in few characters, for the axis of a chart: 1.2M. */
  compact(value: number): string {
    const formatter = this.kept(
      'compact',
      () => new Intl.NumberFormat(this.locale, { notation: 'compact', maximumFractionDigits: 2 }),
    );
    return Math.abs(value) < COMPACT_FROM
      ? this.number(value)
      : (formatter as Intl.NumberFormat).format(value);
  }

  /** A calendar date, given as YYYY-MM-DD (more is cut off). */
  date(date: string | null | undefined): string {
    if (!date) return '';
    const formatter = this.kept(
      'date',
      () => new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeZone: 'UTC' }),
    );
    const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(at.getTime()) ? date : (formatter as Intl.DateTimeFormat).format(at);
  }

  /** An instant in the user's time zone, to the second. */
  instant(instant: string | null | undefined): string {
    return this.instantAs(instant, { dateStyle: 'medium', timeStyle: 'medium' });
  }

  /** A time as a clock on the wall has it, given as YYYY-MM-DD HH:MM:SS in whatever zone: it is not moved. */
  wallClock(time: string | null | undefined): string {
    if (!time) return '';
    const at = new Date(`${time.replace(' ', 'T')}Z`);
    if (Number.isNaN(at.getTime())) return time;
    const formatter = this.kept(
      'wall clock',
      () =>
        new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }),
    );
    return (formatter as Intl.DateTimeFormat).format(at);
  }

  /** Only its day, in the user's time zone. */
  day(instant: string | null | undefined): string {
    return this.instantAs(instant, { dateStyle: 'medium' });
  }

  /** Only its time of day. */
  time(instant: string | null | undefined): string {
    return this.instantAs(instant, { timeStyle: 'medium' });
  }

  /** How long ago, in words: "3 seconds ago". */
  ago(instant: string | null | undefined, nowMs: number): string {
    if (!instant) return '';
    const seconds = Math.max(0, Math.round((nowMs - Date.parse(instant)) / SECOND_MS));
    const relative = new Intl.RelativeTimeFormat(this.locale, { numeric: 'always' });
    if (seconds < MINUTE_S) return relative.format(-seconds, 'second');
    if (seconds < HOUR_S) return relative.format(-Math.floor(seconds / MINUTE_S), 'minute');
    if (seconds < DAY_S) return relative.format(-Math.floor(seconds / HOUR_S), 'hour');
    return relative.format(-Math.floor(seconds / DAY_S), 'day');
  }

  /** The instant of a date and time of the user's time zone, as a field of type datetime-local sends it (2026-11-27T14:03); null when it is none. */
  instantOf(local: string): string | null {
    const typed = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?$/.exec(local);
    if (typed === null) return null;
    const wallMs = Date.parse(`${typed[1]}T${typed[2]}${typed[3] ?? ':00'}Z`);
    if (Number.isNaN(wallMs)) return null;
    // Twice: the offset that holds there may be another than the one that holds where the clock of UTC shows that time.
    const nearMs = wallMs - this.offsetMs(wallMs);
    return new Date(wallMs - this.offsetMs(nearMs)).toISOString();
  }

  /** How far the zone's clock is ahead of UTC at an instant. */
  private offsetMs(atMs: number): number {
    const formatter = this.kept(
      'offset',
      () =>
        new Intl.DateTimeFormat('en-US', {
          ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
          ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' },
          timeZone: this.timeZone,
        }),
    ) as Intl.DateTimeFormat;
    const parts = new Map(formatter.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const at = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
    const wallMs = Date.UTC(
      ...([at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second')] as const),
    );
    return wallMs - Math.floor(atMs / SECOND_MS) * SECOND_MS;
  }

  private instantAs(instant: string | null | undefined, style: Intl.DateTimeFormatOptions): string {
    if (!instant) return '';
    const at = new Date(instant);
    if (Number.isNaN(at.getTime())) return instant;
    const formatter = this.kept(
      JSON.stringify(style),
      () => new Intl.DateTimeFormat(this.locale, { ...style, timeZone: this.timeZone }),
    );
    return (formatter as Intl.DateTimeFormat).format(at);
  }

  private kept(
    name: string,
    make: () => Intl.NumberFormat | Intl.DateTimeFormat,
  ): Intl.NumberFormat | Intl.DateTimeFormat {
    const known = this.formatters.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.formatters.set(name, made);
    return made;
  }
}

/** The user's own choice, else the first language of the browser that is known, else English. */
export function localeFor(chosen: string | null, acceptLanguage: string | undefined): string {
  const asked = (acceptLanguage ?? '').split(',').map((part) => part.split(';')[0]!.trim());
  return [...(chosen === null ? [] : [chosen]), ...asked].find(isLocale) ?? LOCALE_DEFAULT;
}

export function isLocale(text: string): boolean {
  try {
    return text !== '' && text !== '*' && Intl.NumberFormat.supportedLocalesOf(text).length > 0;
  } catch {
    return false;
  }
}

export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
