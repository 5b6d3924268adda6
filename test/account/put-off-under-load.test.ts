import { expect, test } from 'vitest';
import { registered } from '../../src/account/registry.ts';
import type { CommandHandler } from '../../src/domain/account/command.ts';
import { PlanBuilder } from '../../src/domain/account/plan.ts';
import { usageTotalKey } from '../../src/domain/billing/usage.ts';
import { newId, testCommands, testLane } from '../support/test-lane.ts';

// A command that rests on what the database put together is put off while others of its group change that: not for ever, however many they are.

interface Use {
  readonly chargeNumber: string;
}

const use: CommandHandler<Use, object> = {
  needs: () => [],
  decide: (_state, { chargeNumber }, { now, newId: freshId }) =>
    new PlanBuilder()
      .insert('usage', {
        id: freshId(),
        revision: 0,
        accountId: chargeNumber,
        subscriptionNumber: chargeNumber,
        chargeNumber,
        unitOfMeasure: 'Minutes',
        quantity: '1' as never,
        quantityWhole: 1,
        quantityNano: 0,
        startDate: '2026-01-01',
        startDateTime: '2026-01-01T00:00:00.000Z',
        endDateTime: null,
        description: null,
        importId: null,
        details: {},
        customFields: {},
        createdAt: now,
        createdBy: 'test',
        updatedAt: now,
        updatedBy: 'test',
      })
      .build({}),
};

/** Finds out only while deciding that it needs the total, as a bill does. */
const total: CommandHandler<Use, { readonly records: number }> = {
  needs: () => [],
  decide: (state, { chargeNumber }) =>
    new PlanBuilder().build({
      records:
        state.find('usageTotal', usageTotalKey(chargeNumber, '2026-01-01', '2026-02-01'))?.records ?? 0,
    }),
};

const commands = new Map([
  ...testCommands,
  ['use', registered(use, (reply) => reply)],
  ['total', registered(total, (reply) => reply)],
  ['look', registered({ ...total, readsOnly: true as const }, (reply) => reply)],
]);

test.each(['total', 'look'])('is put off a few times, and then decided by itself: %s', async (kind) => {
  const chargeNumber = `C-${newId()}`;
  const { send } = testLane({ laneId: newId(), commands });
  let used = 0;
  let isAnswered = false;
  // Two at a time, and no end of it: every group that the command is in records usage.
  const chain = async () => {
    while (!isAnswered && used < 200) {
      expect((await send('use', { chargeNumber })).status).toBe(200);
      used++;
    }
  };
  const load = [chain(), chain()];
  const outcome = await send(kind, { chargeNumber });
  const usedBefore = used;
  isAnswered = true;
  await Promise.all(load);
  expect(outcome.status).toBe(200);
  expect(usedBefore).toBeLessThanOrEqual(8);
  const { records } = JSON.parse(outcome.body) as { records: number };
  expect(records).toBeLessThanOrEqual(usedBefore + 2);
});
