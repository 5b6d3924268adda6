import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { commandFor, newId, testLane } from '../support/test-lane.ts';

/**
 * A command that is sent again, because what became of it is not known, may be refused while its first attempt still runs, and that one
 * may be decided later, on another state, and be accepted. So a refusal is final only where it stops the first attempt.
 */

const tooMuch = (accountId: string) => ({ accountId, by: 25 });

async function accountOnDay(by: number): Promise<string> {
  const id = newId();
  const { send } = testLane({ laneId: id });
  await send('open', { id, accountNumber: `R-${id}`, partnerAccount: false });
  await send('bump', { accountId: id, by });
  return id;
}

async function dayOf(accountId: string): Promise<number> {
  const row = await env.DB.prepare('SELECT bill_cycle_day AS day FROM account WHERE id = ?')
    .bind(accountId)
    .first<{ day: number }>();
  return row!.day;
}

test('without a key the caller is not told that nothing happened, since the first attempt may still be accepted', async () => {
  const accountId = await accountOnDay(19);
  const command = commandFor('bump', tooMuch(accountId));
  const repeated = await testLane({ laneId: accountId }).lane.submit(command, true);
  await testLane({ laneId: accountId }).send('bump', { accountId, by: -19 });
  const first = await testLane({ laneId: accountId }).lane.submit(command, false);
  expect(first.status).toBe(200);
  expect(await dayOf(accountId)).toBe(26);
  expect(repeated.status).toBe(503);
  expect(JSON.parse(repeated.body).reasons[0].message).toContain('not known');
});

test('with a key the refusal is kept, and the first attempt gets it too', async () => {
  const accountId = await accountOnDay(19);
  const idempotency = { key: newId(), requestHash: 'the same' };
  const command = commandFor('bump', tooMuch(accountId), { idempotency });
  const repeated = await testLane({ laneId: accountId }).lane.submit(command, true);
  await testLane({ laneId: accountId }).send('bump', { accountId, by: -19 });
  const first = await testLane({ laneId: accountId }).lane.submit(command, false);
  expect(repeated.status).toBe(400);
  expect(first).toMatchObject({ status: 400, body: repeated.body });
  expect(await dayOf(accountId)).toBe(1);
});

test('a command that was not sent before is refused as such, in company and alone', async () => {
  const accountId = await accountOnDay(19);
  const { send } = testLane({ laneId: accountId });
  const outcomes = await Promise.all([send('bump', tooMuch(accountId)), send('bump', { accountId, by: 1 })]);
  expect(outcomes.map(({ status }) => status)).toEqual([400, 200]);
  expect((await send('bump', tooMuch(accountId))).status).toBe(400);
});
