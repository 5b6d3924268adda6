import type { Row } from './order-tables.ts';
import type { Lineage } from './subscription-auditor.ts';

/** What is wrong with the segments that one version has of one charge, in the order of their numbers (I6). */
export function segmentProblems(version: Row, timeline: readonly Row[], lineage: Lineage): string[] {
  return [
    ...numberProblems(timeline),
    ...timeline.flatMap((segment, i) => spanProblems(segment, i, timeline, version, lineage)),
    ...suspensionProblems(version, timeline),
    ...endProblems(version, timeline.at(-1)!, lineage),
  ];
}

/** Numbered 1..n; the last one, and no other, is marked. */
function numberProblems(timeline: readonly Row[]): string[] {
  const problems: string[] = [];
  for (const [i, { segment, is_last_segment: isLast }] of timeline.entries()) {
    if (segment !== i + 1) problems.push(`has segment ${segment} as its number ${i + 1}`);
    if (isLast !== (i === timeline.length - 1 ? 1 : 0))
      problems.push(`segment ${segment} of ${timeline.length} has last = ${isLast}`);
  }
  return problems;
}

/** A segment has days, unless it is what is left of a charge that never began; it begins where the one before ended. */
function spanProblems(
  { segment, effective_start_date: start, effective_end_date: end }: Row,
  at: number,
  timeline: readonly Row[],
  version: Row,
  lineage: Lineage,
): string[] {
  const isOnly = timeline.length === 1;
  if (start === null) return isOnly ? [] : [`segment ${segment} has no start`];
  if (end !== null && (end! < start! || (end === start && !isOnly))) {
    return [`segment ${segment} is from ${start} to ${end}`];
  }
  const before = timeline[at - 1];
  if (before === undefined || before.effective_end_date === start) return [];
  const endedOn = before.effective_end_date;
  if (endedOn === null || String(endedOn) > String(start))
    return [`segment ${segment} overlaps the one before: ${endedOn}, ${start}`];
  return wasSuspended(String(endedOn), Number(version.version), lineage)
    ? []
    : [`is not served from ${endedOn} to ${start}, and was not suspended`];
}

/** Whether a suspension from this day on was resumed by this version: the only reason for a hole. */
function wasSuspended(day: string, version: number, { suspensions, resumptions }: Lineage): boolean {
  return suspensions.some(
    (suspension) =>
      suspension.day === day &&
      suspension.version <= version &&
      resumptions.some((resumed) => resumed >= suspension.version && resumed <= version),
  );
}

/** Suspended are the days from the suspension on, of a suspended version only. */
function suspensionProblems(version: Row, timeline: readonly Row[]): string[] {
  const problems: string[] = [];
  const from = version.status === 'Suspended' ? version.suspended_on : null;
  if (version.status === 'Suspended' && version.suspended_on === null)
    problems.push('is suspended from no day');
  for (const row of timeline) {
    const { segment, charge_type, effective_start_date: start, effective_end_date: end } = row;
    if (row.is_suspended === 1) {
      if (from == null || start === null || String(start) < String(from))
        problems.push(`segment ${segment} from ${start} on is suspended, the subscription from ${from}`);
    } else if (from != null && charge_type !== 'OneTime' && start !== null && start !== end) {
      if (end === null || String(end) > String(from))
        problems.push(`segment ${segment} is served to ${end}, the subscription is suspended on ${from}`);
    }
  }
  return problems;
}

/**
 * Removed with its plan, unless it had ended before by itself; served to the end of the subscription if agreed so, and never beyond;
 * what is cancelled while it is suspended ended with the suspension.
 */
function endProblems(version: Row, last: Row, { ratePlans, suspensions, reversals }: Lineage): string[] {
  const problems: string[] = [];
  const plan = ratePlans.get(String(last.rate_plan_id));
  const endedIn = plan?.ended_in_version ?? null;
  const isEnded = endedIn !== null && Number(endedIn) <= Number(version.version);
  const hadEnded =
    isEnded && last.effective_end_date !== null && String(last.effective_end_date) < String(plan?.end_date);
  // A rate plan is one row for all versions: when its removal is taken back, the version that removed it shows that too.
  const isTakenBack = reversals.some((reversal) => reversal > Number(version.version));
  if (isTakenBack) return problems;
  if (last.is_removed === 1 ? !isEnded : isEnded && !hadEnded)
    problems.push(`has removed = ${last.is_removed} and its plan ended in version ${endedIn}`);
  const { effective_start_date: start, effective_end_date: end } = last;
  if (start === null || start === end || last.charge_type === 'OneTime') return problems;
  const subscriptionEnd = version.subscription_end_date ?? null;
  const isBeyond = subscriptionEnd !== null && (end === null || String(end) > String(subscriptionEnd));
  if (isBeyond) problems.push(`is served to ${end}, the subscription ends on ${subscriptionEnd}`);
  const endedSuspended = version.status === 'Cancelled' && suspensions.some(({ day }) => day === end);
  const runsToEnd = last.end_date_condition === 'SubscriptionEnd' && !isEnded && !endedSuspended;
  if (runsToEnd && end !== subscriptionEnd)
    problems.push(`ends on ${end}, not with the subscription on ${subscriptionEnd}`);
  return problems;
}
