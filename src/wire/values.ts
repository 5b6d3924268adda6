import { z } from 'zod';
import { isId } from '../domain/account/state.ts';
import { isPaymentTerm } from '../domain/billing/payment-terms.ts';
import { isDate } from '../domain/calendar.ts';
import { isCurrency } from '../domain/currencies.ts';
import { type Decimal, minorToNumber, parseDecimal } from '../domain/money.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';

/** Schemas and converters of the values that every resource shares (conventions 5). Schemas check and never convert. */

export const wireDate = z
  .string({ error: 'must be a date, YYYY-MM-DD' })
  .refine(isDate, 'must be a date, YYYY-MM-DD')
  .meta({ format: 'date' });

export const wireCurrency = z
  .string({ error: 'must be a currency code such as USD' })
  .refine(isCurrency, 'must be an ISO 4217 currency code such as USD');

/** A number as JSON has it, exact: at most 15 significant digits. */
export const wireDecimal = z
  .number({ error: 'must be a number' })
  .refine((value) => parseDecimal(value) !== null, 'must be a number with at most 15 significant digits');

export const wireNonNegative = wireDecimal.refine((value) => value >= 0, 'must not be negative');

export const wireText = (lengthMax: number) =>
  z.string({ error: 'must be text' }).max(lengthMax, `must have at most ${lengthMax} characters`);

export const wireBoolean = z.boolean({ error: 'must be true or false' });

/** Key of an object in a body: an id or a number. */
export const wireKey = wireText(100).min(1, 'must not be empty');

export const wirePaymentTerm = wireText(100).refine(
  isPaymentTerm,
  'must be a payment term: Due Upon Receipt, Net <days> or Proximo <day>',
);

const DOCUMENT_NUMBER_LENGTH_MAX = 32;

/** The caller's own number for a document, from a system that is migrated: usable in a path, and never taken for an id. */
export const wireDocumentNumber = wireText(DOCUMENT_NUMBER_LENGTH_MAX)
  .regex(/^[^\s#?/%]+$/, 'must have no blanks and none of # ? / %')
  .refine((number) => !isId(number), 'must not look like an id');

/** Rates that one document brings along: one for each currency that there is. */
const CUSTOM_RATES_MAX = 200;

export const wireCustomRates = z
  .array(
    z.object({
      currency: wireCurrency,
      customFxRate: wireDecimal.refine((rate) => rate > 0, 'must be more than 0'),
      rateDate: wireDate.nullish(),
    }),
    { error: 'must be a list of rates' },
  )
  .max(CUSTOM_RATES_MAX, `must have at most ${CUSTOM_RATES_MAX} rates`)
  .nullish();

/** Leaves room for any payment term, and for the clocks of all zones, before the last date that there is. */
export const DOCUMENT_DATE_MAX = '9990-12-31';

/** The date of a document, which a due date follows from. */
export const wireDocumentDate = wireDate.refine(
  (date) => date <= DOCUMENT_DATE_MAX,
  `must not be after ${DOCUMENT_DATE_MAX}`,
);

/** Classic paging: page from 1, pageSize 20, larger than 40 treated as 40 (conventions 6). */
export const wirePaging = z.object({
  page: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1')
    .optional(),
  pageSize: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1')
    .optional(),
});

/** A filter of a list that no index answers: refused by name, since a list that ignored it would be wrong. */
export const wireNotFilterable = z.undefined({ error: 'is not available as a filter yet' }).optional();

/** A field that Spillway cannot honour yet and must not pretend to have honoured. Nothing, null, '' and false ask for nothing. */
export const wireNotYet = z
  .unknown()
  .refine(
    (value) => value === undefined || value === null || value === '' || value === false,
    'is not supported yet: leave it out',
  )
  .optional();

/** A list of what Spillway does not have yet: refused by name unless it is empty. */
export const wireNoneYet = z
  .array(z.unknown(), { error: 'must be a list' })
  .max(0, 'is not available yet: leave it out')
  .nullish();

/** Taken as it is, to be refused by name or kept. */
export const wireAnything = z.unknown().optional();

/** Characters of one custom field, and of all those of an object in one request: rows stay far below what D1 stores. */
const CUSTOM_FIELD_CHARACTERS_MAX = 32_000;
const CUSTOM_FIELDS_CHARACTERS_MAX = 200_000;
const CUSTOM_FIELD_PROBLEMS_MAX = 10;
const CUSTOM_FIELD = /^[A-Za-z][A-Za-z0-9_]{0,96}__(c|NS|QT)$/;

export function isCustomFieldName(name: string): boolean {
  return CUSTOM_FIELD.test(name);
}

const TOO_MUCH = `custom fields must have at most ${CUSTOM_FIELDS_CHARACTERS_MAX} characters together`;
const OTHER_TYPE = 'must be text, a number, true, false or null';
const wireCustomField = z
  .union([z.string(), z.number(), z.boolean(), z.null()], { error: OTHER_TYPE })
  .refine(
    (value) => typeof value !== 'string' || value.length <= CUSTOM_FIELD_CHARACTERS_MAX,
    `must have at most ${CUSTOM_FIELD_CHARACTERS_MAX} characters`,
  );

/** Names and values of custom fields that are wrong: not all of them, which would cost more than the body that says them. */
function tellProblems(fields: object, context: z.RefinementCtx): void {
  let told = 0;
  for (const [name, value] of Object.entries(fields)) {
    const message = isCustomFieldName(name)
      ? wireCustomField.safeParse(value).error?.issues[0]?.message
      : 'must be a custom field name such as region__c';
    if (message === undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message });
    told += 1;
    if (told === CUSTOM_FIELD_PROBLEMS_MAX) return;
  }
}

/**
 * An object schema that also takes custom fields (`name__c`: text, number, boolean or null) beside its own, flat, as
 * accounts, contacts, documents and /v1/object have them. Other unknown names are dropped, as Zuora does.
 */
export function withCustomFields<Shape extends z.ZodRawShape>(shape: Shape) {
  const plain = z.object(shape);
  const checked = z.looseObject(shape).superRefine((body, context) => {
    const fields = customFieldsOf(body);
    tellProblems(fields, context);
    if (charactersOf(fields) > CUSTOM_FIELDS_CHARACTERS_MAX) {
      const path = [Object.keys(fields).at(-1)!];
      context.addIssue({ code: 'custom', path, message: TOO_MUCH });
    }
  });
  const known = checked.overwrite(
    (body) =>
      Object.fromEntries(
        Object.entries(body).filter(([name]) => Object.hasOwn(shape, name) || isCustomFieldName(name)),
      ) as typeof body,
  );
  return known as unknown as typeof plain;
}

/** A `customFields` object, as orders have it. */
export const wireCustomFields = (
  z
    .record(z.string(), z.unknown(), { error: 'must be an object of custom fields' })
    .superRefine(tellProblems) as unknown as z.ZodRecord<z.ZodString, typeof wireCustomField>
).refine((fields) => charactersOf(fields) <= CUSTOM_FIELDS_CHARACTERS_MAX, TOO_MUCH);

function charactersOf(fields: JsonObject): number {
  return Object.entries(fields).reduce(
    (sum, [name, value]) => sum + name.length + (typeof value === 'string' ? value.length : 0),
    0,
  );
}

/** The custom fields of a flat body. */
export function customFieldsOf(body: object): JsonObject {
  const fields: { [name: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(body)) {
    if (isCustomFieldName(name)) fields[name] = value as JsonValue;
  }
  return fields;
}

/** The named attributes of a body that are present, under their wire names. */
export function pick(body: object, names: readonly string[]): JsonObject {
  const picked: { [name: string]: JsonValue } = {};
  const record = body as Record<string, JsonValue | undefined>;
  for (const name of names) {
    const value = record[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** The named attributes of a body that have a value, under their wire names. */
export function pickGiven(body: object, names: readonly string[]): { [name: string]: JsonValue } {
  const picked: { [name: string]: JsonValue } = {};
  const record = body as Record<string, JsonValue | undefined>;
  for (const name of names) {
    const value = record[name];
    if (value != null) picked[name] = value;
  }
  return picked;
}

/** A checked JSON number as decimal text. */
export function fromWireDecimal(value: number): Decimal {
  return parseDecimal(value)!;
}

/** Decimal text as a JSON number. */
export function toWireDecimal(value: Decimal): number {
  return Number(value);
}

/** Minor units as a JSON number. */
export function toWireMoney(minor: number, currency: string): number {
  return minorToNumber(minor, currency);
}

/** `YYYY-MM-DD HH:MM:SS` in the tenant's zone: date-times of v1 resources. */
export function toWireDateTime(instant: string, timeZone: string): string {
  if (timeZone === 'UTC') return `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
  return new Date(instant).toLocaleString('sv-SE', { timeZone, hour12: false });
}

/** An instant that details keep, as documents show it (in UTC); null when there is none. */
export function toWireInstant(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? toWireDateTime(value, 'UTC') : null;
}

/** `YYYY-MM-DDTHH:MM:SS.sss±HH:MM` in the tenant's zone: lastMetricsUpdate and date-times of /v1/object. */
export function toWireOffsetDateTime(instant: string, timeZone: string): string {
  return withOffset(instant, offsetMinutesAt(Date.parse(instant), timeZone));
}

function withOffset(instant: string, offsetMinutes: number): string {
  const local = new Date(Date.parse(instant) + offsetMinutes * MINUTE_MS).toISOString().slice(0, -1);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const absolute = Math.abs(offsetMinutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${local}${sign}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

/** Clocks change at full ten minutes: the offset of one instant is that of all others of its ten minutes. */
const knownOffsetsMinutes = new Map<string, number>();
const KNOWN_OFFSETS_MAX = 10_000;
const TEN_MINUTES_LENGTH = '2026-01-31T08:3'.length;

/** `YYYY-MM-DDTHH:MM:SS±HH:MM` in the tenant's zone: date-times of Object Query. */
export function toWireShownDateTime(instant: string, timeZone: string): string {
  if (timeZone === 'UTC') return `${instant.slice(0, 19)}+00:00`;
  const key = `${timeZone} ${instant.slice(0, TEN_MINUTES_LENGTH)}`;
  let offsetMinutes = knownOffsetsMinutes.get(key);
  if (offsetMinutes === undefined) {
    if (knownOffsetsMinutes.size >= KNOWN_OFFSETS_MAX) knownOffsetsMinutes.clear();
    offsetMinutes = offsetMinutesAt(Date.parse(instant), timeZone);
    knownOffsetsMinutes.set(key, offsetMinutes);
  }
  return withOffset(instant, offsetMinutes).replace(/\.\d{3}/, '');
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What a clock shows is read as text of a four-digit year; later than this, clocks go as they do then. */
const CLOCK_KNOWN_MS = Date.parse('9999-12-30T00:00:00Z');

/** Minutes by which the zone's clock is ahead of UTC at an instant. */
function offsetMinutesAt(instantMs: number, timeZone: string): number {
  const wholeMs = Math.floor(Math.min(instantMs, CLOCK_KNOWN_MS) / SECOND_MS) * SECOND_MS;
  const local = new Date(wholeMs).toLocaleString('sv-SE', { timeZone, hour12: false });
  return Math.round((Date.parse(`${local.replace(' ', 'T')}Z`) - wholeMs) / MINUTE_MS);
}

/** The instant at which a calendar date begins in the tenant's zone. */
export function instantOfMidnight(date: string, timeZone: string): string {
  return instantOfLocal(`${date}T00:00:00.000`, timeZone);
}

/**
 * The instant of a date and time of day in the tenant's zone, `YYYY-MM-DDTHH:MM:SS.sss`. Of an hour that comes twice it is the first; a time that the
 * clock leaves out is counted by the clock before.
 */
function instantOfLocal(local: string, timeZone: string): string {
  const asUtcMs = Date.parse(`${local}Z`);
  const instantBy = (offsetMinutes: number) => asUtcMs - offsetMinutes * MINUTE_MS;
  const before = offsetMinutesAt(asUtcMs - DAY_MS, timeZone);
  const after = offsetMinutesAt(asUtcMs + DAY_MS, timeZone);
  const isAfter =
    offsetMinutesAt(instantBy(before), timeZone) !== before &&
    offsetMinutesAt(instantBy(after), timeZone) === after;
  return new Date(instantBy(isAfter ? after : before)).toISOString();
}

/** An instant, and the calendar date on which it lies in the tenant's zone. */
export interface ZonedInstant {
  readonly instant: string;
  readonly day: string;
}

const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3})\d{0,6})?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/;
/** As files of the United States have it: 01/31/2026, with a time of day or without. */
const MONTH_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(.*)$/;

interface DateTimeParts {
  readonly date: string;
  /** `YYYY-MM-DDTHH:MM:SS.sss` */
  readonly local: string;
  /** `Z` or `±HH:MM`; undefined when there is none. */
  readonly offset: string | undefined;
}

function dateTimePartsOf(text: string): DateTimeParts | null {
  const monthFirst = MONTH_FIRST.exec(text);
  const ordered =
    monthFirst === null
      ? text
      : `${monthFirst[3]}-${monthFirst[1]!.padStart(2, '0')}-${monthFirst[2]!.padStart(2, '0')}${monthFirst[4]}`;
  const [, date, hour = '00', minute = '00', second = '00', fraction = '', offset] =
    DATE_TIME.exec(ordered) ?? [];
  if (date === undefined || !isDate(date) || date > DOCUMENT_DATE_MAX) return null;
  return {
    date,
    local: `${date}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}`,
    offset: offset === undefined || offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.slice(-2)}`,
  };
}

/** Whether a text is a date, or a date and time of day, as `readDateTime` reads them. */
export function isDateTime(text: string): boolean {
  return dateTimePartsOf(text) !== null;
}

/**
 * Reads a date, or a date and time of day: with an offset from UTC, or else in the tenant's zone, where a date alone means its midnight.
 *
 * @returns null for anything else, and for what does not lie on a day that there is in that zone
 */
export function readDateTime(text: string, timeZone: string): ZonedInstant | null {
  const parts = dateTimePartsOf(text);
  if (parts === null) return null;
  const { local, offset } = parts;
  const instant =
    offset === undefined ? instantOfLocal(local, timeZone) : new Date(`${local}${offset}`).toISOString();
  // Midnight may be a time that the clock leaves out, and so may a whole day.
  const day = toWireOffsetDateTime(instant, timeZone).slice(0, 10);
  return isDate(day) ? { instant, day } : null;
}
