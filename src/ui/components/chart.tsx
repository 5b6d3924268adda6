import type { Format } from '../format.ts';

/** One line of a chart: values over time, oldest first; a value holds until the next. */
export interface Series {
  readonly label: string;
  readonly points: ReadonlyArray<{ readonly at: string; readonly value: number }>;
}

interface ChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly format: Format;
  readonly currency: string;
}

const WIDTH = 480;
const HEIGHT = 200;
const LEFT = 72;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 26;
const TICKS = 4;
/** Labels of the time axis: at its ends and between them. */
const TIME_TICKS = 3;
const DAY_MS = 86_400_000;

/** Steps over time as SVG made here: no script, no library, readable as a table too. */
export function StepChart({ title, series, format, currency }: ChartProps) {
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return <p class="empty">Nothing has moved yet.</p>;
  const times = points.map(({ at }) => Date.parse(at));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const values = points.map(({ value }) => value);
  const ticks = ticksOf(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const x = (at: string) =>
    LEFT + ((Date.parse(at) - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  return (
    <figure class="chart">
      <figcaption>
        {title}
        {series.length < 2 ? null : series.map((one, i) => <span class={`key s${i + 1}`}>{one.label}</span>)}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title}: ${series.map((one) => spokenOf(one, format, currency)).join('; ')}`}
      >
        {ticks.map((tick) => (
          <>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
              {format.compact(tick)}
            </text>
          </>
        ))}
        {timeTicksOf(from, to).map((at, i, all) => (
          <text
            class="tick"
            x={x(at)}
            y={HEIGHT - 6}
            text-anchor={i === 0 ? 'start' : i === all.length - 1 ? 'end' : 'middle'}
          >
            {to - from > 2 * DAY_MS ? format.date(at) : format.time(at)}
          </text>
        ))}
        {series.map((one, i) => (
          <path class={`area s${i + 1}`} d={areaOf(one, x, y)} />
        ))}
        {series.map((one, i) => (
          <path
            class={`line s${i + 1}`}
            d={stepsOf(one.points.map(({ at, value }) => [x(at), y(value)] as const))}
          />
        ))}
      </svg>
      <details>
        <summary>As a table</summary>
        <section class="table" aria-label={title} tabindex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ label }) => (
                  <th scope="col" class="n">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {(series[0]?.points ?? []).map(({ at }, row) => (
                <tr>
                  <td>{format.instant(at)}</td>
                  {series.map((one) => (
                    <td class="n">{format.amount(one.points[row]?.value ?? null, currency)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

function stepsOf(places: ReadonlyArray<readonly [number, number]>): string {
  return places
    .map(([x, y], i) => (i === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`))
    .join('');
}

/** What a chart says, in words: where each line begins and ends, and how far it went. */
function spokenOf({ label, points }: Series, format: Format, currency: string): string {
  const values = points.map(({ value }) => value);
  const [first, last] = [values[0] ?? null, values.at(-1) ?? null];
  return (
    `${label} from ${format.amount(first, currency)} to ${format.amount(last, currency)}, ` +
    `lowest ${format.amount(Math.min(...values), currency)}, highest ${format.amount(Math.max(...values), currency)}`
  );
}

/** What lies between a line and zero. */
function areaOf({ points }: Series, x: (at: string) => number, y: (value: number) => number): string {
  if (points.length < 2) return '';
  const line = stepsOf(points.map(({ at, value }) => [x(at), y(value)] as const));
  return `${line}V${y(0).toFixed(1)}H${x(points[0]!.at).toFixed(1)}Z`;
}

/** Times in even distances from the first to the last. */
function timeTicksOf(from: number, to: number): string[] {
  const count = to > from ? TIME_TICKS : 1;
  return Array.from({ length: count }, (_, i) =>
    new Date(from + ((to - from) * i) / Math.max(1, count - 1)).toISOString(),
  );
}

/** Round values around what is shown, lowest first: 1, 2 or 5 times a power of ten apart. */
function ticksOf(low: number, high: number): number[] {
  const span = high - low || 1;
  const rough = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
