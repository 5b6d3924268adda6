import type { Json } from '../../api.ts';
import type { Format } from '../../format.ts';

const WIDTH = 960;
const LEFT = 220;
const RIGHT = 30;
const TOP = 30;
const ROW = 34;
const BAR = 22;
/** Charges that are drawn; the table below has all of them. */
export const TIMELINE_CHARGES = 40;
const DAY_MS = 86_400_000;
const YEAR_DAYS = 366;
/** Pixels that a letter takes, so that a text stays in its bar. */
const LETTER = 6.6;

/** A charge with its segments, in their order. */
export interface ChargeLine {
  readonly number: string;
  readonly name: string;
  readonly planName: string;
  readonly segments: readonly Json[];
}

/** The charges of a subscription as reads of it show them. */
export function chargeLines(subscription: Json): ChargeLine[] {
  return (subscription.ratePlans as Json[]).flatMap((plan) => {
    const charges = plan.ratePlanCharges as Json[];
    const numbers = [...new Set(charges.map(({ number }) => number as string))];
    return numbers.map((number) => {
      const segments = charges.filter((charge) => charge.number === number);
      segments.sort((a, b) => a.segment - b.segment);
      return { number, name: segments[0].name, planName: plan.ratePlanName, segments };
    });
  });
}

/** What a segment charges, in few words: 4 × 6.25, 12.5 %. */
export function priceWords(segment: Json, format: Format): string {
  const { model, quantity, price, discountPercentage, discountAmount, currency, pricingSummary } = segment;
  if (discountPercentage != null) return `${format.number(discountPercentage)} % off`;
  if (discountAmount != null) return `${format.amount(discountAmount, currency)} off`;
  if (price == null) return pricingSummary ?? '';
  const each = format.amount(price, currency);
  return model === 'PerUnit' && quantity != null ? `${format.number(quantity)} × ${each}` : each;
}

const msOf = (date: string) => Date.parse(`${date}T00:00:00Z`);

/** First and last day that is drawn: of all segments, and today. Without an end a segment reaches a year beyond. */
function spanOf(lines: readonly ChargeLine[], today: string): readonly [number, number] {
  const segments = lines.flatMap((line) => line.segments);
  const starts = segments.flatMap(({ effectiveStartDate: start }) => (start ? [msOf(start)] : []));
  const ends = segments.flatMap(({ effectiveEndDate: end }) => (end ? [msOf(end)] : []));
  const from = Math.min(msOf(today), ...starts);
  const isOpen = segments.some(({ effectiveEndDate }) => !effectiveEndDate);
  const to = Math.max(
    msOf(today),
    ...ends,
    ...(isOpen ? [Math.max(msOf(today), ...starts) + YEAR_DAYS * DAY_MS] : []),
  );
  return [from, to];
}

/** Firsts of months, quarters or years, so that about a dozen are drawn. */
function ticksOf(from: number, to: number): Date[] {
  const months = (to - from) / DAY_MS / 30;
  const step = [1, 3, 6, 12, 24, 60, 120].find((size) => months / size <= 10) ?? 240;
  const first = new Date(from);
  const ticks: Date[] = [];
  for (let month = Math.ceil(first.getUTCMonth() / step) * step; ; month += step) {
    const at = new Date(Date.UTC(first.getUTCFullYear(), month, 1));
    if (at.getTime() > to) return ticks;
    if (at.getTime() >= from) ticks.push(at);
  }
}

/** Charges over time, each segment a bar: SVG that is made here. */
export function Timeline({
  lines,
  format,
  today,
}: {
  readonly lines: readonly ChargeLine[];
  readonly format: Format;
  readonly today: string;
}) {
  const shown = lines
    .filter(({ segments }) => segments.some(({ effectiveStartDate }) => effectiveStartDate))
    .slice(0, TIMELINE_CHARGES);
  if (shown.length === 0) return null;
  const [from, to] = spanOf(shown, today);
  const x = (ms: number) => LEFT + ((ms - from) / Math.max(DAY_MS, to - from)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + shown.length * ROW + 6;
  return (
    <figure class="chart timeline">
      <section aria-label="Charges over time" tabindex={0}>
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          role="img"
          aria-label="Charges over time; the table below says the same"
        >
          {ticksOf(from, to).map((tick) => (
            <>
              <line class="grid" x1={x(tick.getTime())} x2={x(tick.getTime())} y1={TOP - 6} y2={height} />
              <text class="tick" x={x(tick.getTime())} y={14} text-anchor="middle">
                {tick.toISOString().slice(0, 7)}
              </text>
            </>
          ))}
          {shown.map((line, row) => (
            <ChargeBars line={line} y={TOP + row * ROW} x={x} end={to} format={format} />
          ))}
          <line class="today" x1={x(msOf(today))} x2={x(msOf(today))} y1={TOP - 6} y2={height} />
        </svg>
      </section>
      <p class="hint">
        The dashed line is today, {format.date(today)}.
        {lines.length > shown.length ? ` Drawn are ${shown.length} of ${lines.length} charges.` : ''}
      </p>
    </figure>
  );
}

function cut(text: string, width: number): string {
  const letters = Math.floor(width / LETTER);
  return text.length <= letters ? text : letters < 4 ? '' : `${text.slice(0, letters - 1)}…`;
}

function ChargeBars({
  line,
  y,
  x,
  end,
  format,
}: {
  readonly line: ChargeLine;
  readonly y: number;
  readonly x: (ms: number) => number;
  readonly end: number;
  readonly format: Format;
}) {
  return (
    <>
      <text class="name" x={0} y={y + BAR / 2 + 4}>
        {cut(line.name, LEFT - 12)}
      </text>
      {line.segments.map((segment) => {
        const { effectiveStartDate: start, effectiveEndDate: until } = segment;
        if (!start) return null;
        const left = x(msOf(start));
        const width = Math.max(3, (until ? x(msOf(until)) : x(end)) - left - 1);
        const words = priceWords(segment, format);
        return (
          <g>
            <title>
              {`${line.number} segment ${segment.segment}: ${words}, ${start} to ${until ?? 'open'}`}
            </title>
            <rect
              class={segment.segment % 2 === 0 ? 'segment even' : 'segment'}
              x={left}
              y={y}
              width={width}
              height={BAR}
              rx={3}
            />
            <text class="on-bar" x={left + 5} y={y + BAR / 2 + 4}>
              {cut(words, width - 8)}
            </text>
          </g>
        );
      })}
    </>
  );
}
