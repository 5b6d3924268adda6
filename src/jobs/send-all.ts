/** Messages that one call takes to a queue. */
const SEND_MESSAGES_MAX = 100;

/** Sends any number of messages. */
export async function sendAll(queue: Queue<unknown>, messages: readonly unknown[]): Promise<void> {
  for (let from = 0; from < messages.length; from += SEND_MESSAGES_MAX) {
    await queue.sendBatch(messages.slice(from, from + SEND_MESSAGES_MAX).map((body) => ({ body })));
  }
}
