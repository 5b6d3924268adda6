import { isAquaRefusal } from '../domain/aqua/batch-query.ts';
import { type JobNotice, type NotifyUrlOptions, noticeForm, notifyUrlOf } from '../domain/aqua/notify-url.ts';
import { limits } from '../env.ts';

/**
 * Tells a URL of a job's end, once: a form by POST. Whatever it answers is not read, and where it points is not gone to: a host that may be called
 * could lead to one that may not.
 *
 * @returns 'refused': the URL is none that may be called; 'failed': it did not take the notice, and may be asked again
 */
export async function notify(
  template: string,
  notice: JobNotice,
  options: NotifyUrlOptions,
  timeoutMs: number = limits.notifyTimeoutMs,
): Promise<'done' | 'refused' | 'failed'> {
  const url = notifyUrlOf(template, notice, options);
  if (isAquaRefusal(url)) return 'refused';
  try {
    const reply = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'Spillway' },
      body: noticeForm(notice),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await reply.body?.cancel();
    return reply.ok ? 'done' : 'failed';
  } catch {
    return 'failed';
  }
}
