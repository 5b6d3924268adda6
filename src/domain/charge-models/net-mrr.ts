import type { CalendarDate } from '../calendar.ts';
import { add, compare, type Decimal, isZero, subtract } from '../money.ts';
import { fixedDiscount } from './discount-fixed.ts';
import { percentageDiscount } from './discount-percentage.ts';
import { totalContractedValue } from './mrr.ts';
import { type ChargeType, DISCOUNT_LEVELS, type DiscountLevel } from './vocabulary.ts';

/** Time in which something counts; start null while it is not known, end null for evergreen. */
interface InTime {
  readonly start: CalendarDate | null;
  readonly endExclusive: CalendarDate | null;
}

/** A segment of a charge as far as discounts go. */
export interface GrossSegment extends InTime {
  readonly subscriptionId: string;
  readonly ratePlanId: string;
  readonly productRatePlanChargeId: string;
  readonly chargeNumber: string;
  readonly chargeType: Exclude<ChargeType, 'Usage'>;
  /** Not negative: gross MRR of a recurring segment, the whole amount of a one-time one. */
  readonly gross: Decimal;
}

/** A segment of a discount charge. */
export interface Discount extends InTime {
  readonly subscriptionId: string;
  readonly ratePlanId: string;
  readonly chargeNumber: string;
  /** A one-time discount takes off one-time charges only: nothing of it comes back each month. */
  readonly chargeType: Exclude<ChargeType, 'Usage'>;
  readonly level: DiscountLevel;
  readonly appliesTo: readonly ChargeType[];
  /** Classes are applied in the order of their names, what has no class comes last. */
  readonly discountClass: string | null;
  /** Product rate plan charges that it is restricted to; null for all. */
  readonly onlyChargeIds: readonly string[] | null;
  /** Per cent of what is left, or an amount: of a recurring discount the monthly one (`monthlyAmount`). */
  readonly off: { readonly percentage: Decimal } | { readonly amount: Decimal };
}

/** What one discount takes off a segment: a month, or of a one-time charge at once. */
export interface Taken {
  readonly discount: Discount;
  readonly amount: Decimal;
}

/** What is left of a segment in a part of its time. `discount + net = gross`. */
export interface NetPiece {
  readonly segment: GrossSegment;
  readonly start: CalendarDate;
  readonly endExclusive: CalendarDate | null;
  readonly discount: Decimal;
  readonly net: Decimal;
  /** Which discounts took how much, in the order in which they did. */
  readonly taken: readonly Taken[];
}

/** What is left of a one-time charge. */
export type NetOneTime = Pick<NetPiece, 'segment' | 'discount' | 'net' | 'taken'>;

/**
 * Net MRR of the recurring segments, piece by piece, and the net amounts of the one-time ones (semantics C.2). Pieces are the
 * segments, split where what is taken off them changes. Discounts are applied by class, percentage before fixed, rate plan
 * before subscription before account, smaller charge number first, each on what those before it left. A fixed one goes over
 * its charges by charge number, then start; what is left of it by the recurring ones goes, as an absolute amount over its
 * time, to the one-time ones. An open-ended discount has no such amount and leaves them nothing.
 */
export function netValues(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
): { readonly pieces: readonly NetPiece[]; readonly oneTime: readonly NetOneTime[] } {
  const recurring = inOrder(segments.filter(({ chargeType }) => chargeType === 'Recurring'));
  const monthly = appliedFirst(discounts.filter(({ chargeType }) => chargeType === 'Recurring'));
  const pieces: NetPiece[] = [];
  const leftovers = new Map<Discount, Decimal>();
  const days = boundaries([...recurring, ...monthly]);
  for (const [i, start] of days.entries()) {
    const endExclusive = days[i + 1] ?? null;
    const rates = monthly.filter((discount) => isIn(discount, start));
    const net = discounted(
      recurring.filter((segment) => isIn(segment, start)),
      rates.map((discount) => ({ discount, off: discount.off })),
    );
    for (const [segment, left] of net.left) append(pieces, { segment, start, endExclusive, ...left });
    for (const [discount, amount] of net.unused) {
      if (discount.endExclusive === null) continue;
      const value = totalContractedValue(amount, start, endExclusive) ?? '0';
      leftovers.set(discount, add(leftovers.get(discount) ?? '0', value));
    }
  }
  return { pieces, oneTime: netOneTime(segments, discounts, leftovers) };
}

/** What the discounts of a day take off each recurring segment that counts on it, in the order in which they do. */
export function takenOn(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
  day: CalendarDate,
): ReadonlyMap<GrossSegment, readonly Taken[]> {
  const left = leftTogether(
    segments.filter((segment) => isIn(segment, day)),
    discounts.filter((discount) => isIn(discount, day)),
  );
  return new Map([...left].map(([segment, { taken }]) => [segment, taken]));
}

/** Net MRR of each recurring segment that counts on a day. */
export function netMrrOn(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
  day: CalendarDate,
): ReadonlyMap<GrossSegment, Decimal> {
  return netTogether(
    segments.filter((segment) => isIn(segment, day)),
    discounts.filter((discount) => isIn(discount, day)),
  );
}

/**
 * Contracted net MRR of each of the given last segments, those that make up the contracted MRR (semantics B.3): what the discounts that
 * run as long as they do leave of them.
 */
export function contractedNetMrr(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
): ReadonlyMap<GrossSegment, Decimal> {
  const ends = segments.map(({ endExclusive }) => endExclusive ?? EVERGREEN).sort();
  const last = ends.at(-1) ?? '';
  return netTogether(
    segments,
    discounts.filter(({ endExclusive }) => (endExclusive ?? EVERGREEN) >= last),
  );
}

/** Later than any date, as text. */
const EVERGREEN = '~';

function netTogether(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
): ReadonlyMap<GrossSegment, Decimal> {
  return new Map([...leftTogether(segments, discounts)].map(([segment, { net }]) => [segment, net]));
}

function leftTogether(segments: readonly GrossSegment[], discounts: readonly Discount[]) {
  const recurring = inOrder(segments.filter(({ chargeType }) => chargeType === 'Recurring'));
  const monthly = appliedFirst(discounts.filter(({ chargeType }) => chargeType === 'Recurring'));
  return discounted(
    recurring,
    monthly.map((discount) => ({ discount, off: discount.off })),
  ).left;
}

/** A discount with what it takes off here: a recurring one's remainder for one-time charges is another amount. */
interface Applied {
  readonly discount: Discount;
  readonly off: Discount['off'];
}

/** What discounts, in their order, leave of segments that count at the same time; and what is unused of the fixed ones. */
function discounted(segments: readonly GrossSegment[], applied: readonly Applied[]) {
  const left = new Map(segments.map((segment) => [segment, untouched(segment)]));
  const unused = new Map<Discount, Decimal>();
  for (const { discount, off } of applied) {
    let rest = 'amount' in off ? off.amount : '0';
    for (const segment of segments) {
      if (!isEligible(discount, segment)) continue;
      const before = left.get(segment)!;
      const taken =
        'amount' in off ? fixedDiscount(rest, before.net) : percentageDiscount(off.percentage, before.net);
      if (isZero(taken)) continue;
      if ('amount' in off) rest = subtract(rest, taken);
      left.set(segment, {
        discount: add(before.discount, taken),
        net: subtract(before.net, taken),
        taken: [...before.taken, { discount, amount: taken }],
      });
    }
    if (!isZero(rest)) unused.set(discount, rest);
  }
  return { left, unused };
}

function untouched({ gross }: GrossSegment): Pick<NetPiece, 'discount' | 'net' | 'taken'> {
  return { discount: '0', net: gross, taken: [] };
}

function netOneTime(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
  leftovers: ReadonlyMap<Discount, Decimal>,
): NetOneTime[] {
  const oneTime = inOrder(segments.filter(({ chargeType }) => chargeType === 'OneTime'));
  const rest = new Map(leftovers);
  const net = new Map(oneTime.map((segment) => [segment, untouched(segment)]));
  for (const discount of appliedFirst(discounts)) {
    const { off } = discount;
    const hasTotal = 'amount' in off && discount.chargeType === 'Recurring';
    const amount = hasTotal ? { amount: rest.get(discount) ?? '0' } : off;
    const eligible = oneTime.filter(({ start }) => start !== null && isIn(discount, start));
    const now = eligible.map((segment) => ({ ...segment, gross: net.get(segment)!.net }));
    const { left } = discounted(now, [{ discount, off: amount }]);
    for (const [i, segment] of eligible.entries()) {
      const after = left.get(now[i]!)!;
      const taken = [...net.get(segment)!.taken, ...after.taken];
      net.set(segment, { discount: subtract(segment.gross, after.net), net: after.net, taken });
    }
  }
  return [...net].map(([segment, values]) => ({ segment, ...values }));
}

function isEligible(discount: Discount, segment: GrossSegment): boolean {
  if (!discount.appliesTo.includes(segment.chargeType)) return false;
  const { onlyChargeIds, level } = discount;
  if (onlyChargeIds !== null && !onlyChargeIds.includes(segment.productRatePlanChargeId)) return false;
  if (level === 'account') return true;
  if (level === 'subscription') return discount.subscriptionId === segment.subscriptionId;
  return discount.ratePlanId === segment.ratePlanId;
}

function isIn({ start, endExclusive }: InTime, day: CalendarDate): boolean {
  return start !== null && start <= day && (endExclusive === null || day < endExclusive);
}

/** All days on which something starts or ends, in order. */
function boundaries(times: readonly InTime[]): CalendarDate[] {
  const days = new Set<CalendarDate>();
  for (const { start, endExclusive } of times) {
    if (start === null) continue;
    days.add(start);
    if (endExclusive !== null) days.add(endExclusive);
  }
  return [...days].sort();
}

/** A piece that goes on as its segment's last one did lengthens that one. */
function append(pieces: NetPiece[], piece: NetPiece): void {
  const at = pieces.findLastIndex(({ segment }) => segment === piece.segment);
  const last = pieces[at];
  if (last === undefined || last.net !== piece.net) pieces.push(piece);
  else pieces[at] = { ...last, endExclusive: piece.endExclusive };
}

function inOrder(segments: readonly GrossSegment[]): GrossSegment[] {
  return [...segments].sort(
    (a, b) =>
      byNumber(a.chargeNumber, b.chargeNumber) ||
      byText(a.start ?? '', b.start ?? '') ||
      byText(a.endExclusive ?? EVERGREEN, b.endExclusive ?? EVERGREEN) ||
      compare(a.gross, b.gross),
  );
}

function appliedFirst(discounts: readonly Discount[]): Discount[] {
  return [...discounts].sort(
    (a, b) =>
      byClass(a.discountClass, b.discountClass) ||
      Number('amount' in a.off) - Number('amount' in b.off) ||
      DISCOUNT_LEVELS.indexOf(a.level) - DISCOUNT_LEVELS.indexOf(b.level) ||
      byNumber(a.chargeNumber, b.chargeNumber),
  );
}

function byClass(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return byText(a, b);
}

/** Numbers of charges grow in length when their digits are used up. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || byText(a, b);
}

function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
