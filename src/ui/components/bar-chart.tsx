import type { Format } from '../format.ts';

/** One bar: what it stands for, and its length. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** Bars that a chart shows; of more only the first. */
export const BARS_MAX = 40;

const WIDTH = 720;
const LABEL_WIDTH = 210;
const VALUE_WIDTH = 110;
const ROW_HEIGHT = 22;
const LABEL_CHARACTERS_MAX = 28;

/** Values beside their names as SVG made here. The rows stand in the table that the chart belongs to. */
export function BarChart({
  title,
  bars,
  format,
}: {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly format: Format;
}) {
  const shown = bars.slice(0, BARS_MAX);
  const [low, high] = [
    Math.min(0, ...shown.map(({ value }) => value)),
    Math.max(0, ...shown.map(({ value }) => value)),
  ];
  const x = (value: number) =>
    LABEL_WIDTH + ((value - low) / (high - low || 1)) * (WIDTH - LABEL_WIDTH - VALUE_WIDTH);
  return (
    <figure class="chart bars">
      <figcaption>{title}</figcaption>
      <section aria-label={`${title}, chart`} tabindex={0}>
        <svg viewBox={`0 0 ${WIDTH} ${shown.length * ROW_HEIGHT + 4}`} role="img" aria-label={title}>
          {shown.map(({ label, value }, i) => {
            const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))];
            return (
              <g class="s1">
                <text class="tick" x={LABEL_WIDTH - 8} y={i * ROW_HEIGHT + 15} text-anchor="end">
                  {label.length > LABEL_CHARACTERS_MAX
                    ? `${label.slice(0, LABEL_CHARACTERS_MAX - 1)}…`
                    : label}
                </text>
                <rect
                  class="mark"
                  x={from}
                  y={i * ROW_HEIGHT + 4}
                  width={Math.max(1, to - from)}
                  height={ROW_HEIGHT - 8}
                />
                <text class="tick" x={to + 6} y={i * ROW_HEIGHT + 15}>
                  {format.number(value)}
                </text>
              </g>
            );
          })}
          <line class="grid" x1={x(0)} x2={x(0)} y1={0} y2={shown.length * ROW_HEIGHT + 4} />
        </svg>
      </section>
      {bars.length > BARS_MAX ? <p class="hint">The first {BARS_MAX} rows are drawn.</p> : null}
    </figure>
  );
}
