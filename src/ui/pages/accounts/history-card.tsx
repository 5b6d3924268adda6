import { type ApiReply, encoded, type Json, messagesOf, queryOf } from '../../api.ts';
import { type Series, StepChart } from '../../components/chart.tsx';
import { Card, Live } from '../../components/parts.tsx';
import type { PageContext } from '../../page-env.ts';
import { accountPath } from './account-frame.tsx';

const RENEW_SECONDS = 2;
const DAY_MS = 86_400_000;

/** Ranges that are offered; without a choice 90 days, or the latest operations of an account that has only a few days. */
const RANGES = [
  [30, '30 days'],
  [90, '90 days'],
  [365, 'A year'],
] as const;

const CHARTED = [
  ['balance', 'Balance'],
  ['contractedMrr', 'Contracted MRR'],
] as const;

interface Asked {
  readonly days: number | null;
  readonly currency: string;
}

function askedOf(c: PageContext): Asked {
  const days = RANGES.find(([days]) => String(days) === c.req.query('days'))?.[0] ?? null;
  const currency = c.req.query('currency') ?? '';
  return { days, currency: /^[A-Z]{3}$/.test(currency) ? currency : '' };
}

/** What the page asks the API for, as its address says. */
export function historyPath(c: PageContext, id: string): string {
  const { days } = askedOf(c);
  const to = new Date();
  const from = days === null ? undefined : new Date(to.getTime() - (days - 1) * DAY_MS);
  const day = (at: Date | undefined) => at?.toISOString().slice(0, 10);
  return `/v1/spillway/accounts/${encoded(id)}/metrics/history${queryOf({ from: day(from), to: from && day(to) })}`;
}

/** Balance and contracted MRR over time. While a long history is being gathered the charts are renewed. */
export function HistoryCard({
  c,
  id,
  reply,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly reply: ApiReply;
}) {
  const asked = askedOf(c);
  const currencies: string[] = reply.isOk ? reply.body.currencies.map((one: Json) => one.currency) : [];
  const chosen = currencies.includes(asked.currency) ? asked.currency : (currencies[0] ?? '');
  const href = (days: number | null, currency: string) =>
    `${accountPath(id)}${queryOf({ days, currency: currency === currencies[0] ? '' : currency })}#history`;
  return (
    <Card
      id="history"
      title="Over time"
      actions={
        <nav aria-label="Range and currency of the charts" class="actions">
          {currencies.length < 2
            ? null
            : currencies.map((currency) => (
                <ChoiceLink
                  href={href(asked.days, currency)}
                  label={currency}
                  isChosen={currency === chosen}
                />
              ))}
          {RANGES.map(([days, label]) => (
            <ChoiceLink href={href(days, chosen)} label={label} isChosen={days === asked.days} />
          ))}
        </nav>
      }
    >
      <Live
        from={`${accountPath(id, 'history')}${queryOf({ days: asked.days, currency: chosen })}`}
        everySeconds={RENEW_SECONDS}
      >
        <History c={c} reply={reply} />
      </Live>
    </Card>
  );
}

function ChoiceLink({
  href,
  label,
  isChosen,
}: {
  readonly href: string;
  readonly label: string;
  readonly isChosen: boolean;
}) {
  return (
    <a class="button" href={href} {...(isChosen ? { 'aria-current': 'true' } : {})}>
      {label}
    </a>
  );
}

/** The charts of one currency; the part that is renewed until the history is complete. */
export function History({ c, reply }: { readonly c: PageContext; readonly reply: ApiReply }) {
  if (!reply.isOk) {
    return (
      <p class="quiet" data-done>
        The history cannot be shown: {messagesOf(reply.body)[0]}
      </p>
    );
  }
  const { currencies, complete, interval } = reply.body;
  const wanted = askedOf(c).currency;
  const history = currencies.find((one: Json) => one.currency === wanted) ?? currencies[0];
  const format = c.get('format');
  return (
    <div {...(complete ? { 'data-done': true } : {})}>
      {complete ? null : (
        <p class="quiet">
          A long history is read for the first time: it is gathered up to{' '}
          {format.instant(reply.body.completeUntil)} so far.
        </p>
      )}
      <div class="cards">
        {CHARTED.map(([name, label]) => (
          <StepChart
            title={`${label}, ${history.currency}`}
            series={[seriesOf(reply.body, history, name, label)]}
            format={format}
            currency={history.currency}
          />
        ))}
      </div>
      <p class="quiet">
        {interval === 'day'
          ? 'Each step is what was so at the end of a day (UTC); the last is exact now.'
          : 'Each step is one of the latest operations; the last is exact now.'}
      </p>
    </div>
  );
}

/** From what was so before the first point to what is so now; a day's point stands at its end. */
function seriesOf(body: Json, { opening, points, now }: Json, name: string, label: string): Series {
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  const endOf = (date: string) => new Date(Math.min(Date.parse(date) + DAY_MS, nowMs)).toISOString();
  const isDaily = body.interval === 'day';
  const first = isDaily ? `${body.from}T00:00:00.000Z` : points[0]?.at;
  return {
    label,
    points: [
      ...(first === undefined ? [] : [{ at: first, value: Number(opening[name]) }]),
      ...points.map((point: Json) => ({
        at: isDaily ? endOf(point.date) : point.at,
        value: Number(point[name]),
      })),
      ...(first === undefined ? [] : [{ at, value: Number(now[name]) }]),
    ],
  };
}
