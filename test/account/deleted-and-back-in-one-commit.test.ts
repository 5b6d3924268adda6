import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { GroupState } from '../../src/account/group-state.ts';
import { LaneCache } from '../../src/account/lane-cache.ts';
import { entityTables, toRow } from '../../src/persistence/entity-tables.ts';
import { newId } from '../support/test-lane.ts';

// What a command deletes and a later one of the same commit inserts under the same id is one update of a row that is there.
test('an object that is deleted and comes back within a group is updated, one revision higher', async () => {
  const application = {
    id: newId(),
    revision: 4,
    sourceId: newId(),
    targetId: newId(),
    targetKind: 'invoice' as const,
    items: [],
    accountId: newId(),
    amountMinor: 100,
    effectiveDate: '2026-03-15',
    createdAt: '2026-03-15T00:00:00.000Z',
    createdBy: 'test',
    updatedAt: '2026-03-15T00:00:00.000Z',
    updatedBy: 'test',
  };
  const state = new GroupState(new LaneCache(10));
  state.keepLoaded([], [{ kind: 'paymentApplication', entity: application }]);
  const find = () => state.view().find('paymentApplication', application.id);
  expect(find()).toEqual(application);
  state.apply([{ action: 'delete', kind: 'paymentApplication', entity: application }]);
  expect(find()).toBeNull();
  const again = { ...application, revision: 0, amountMinor: 40 };
  state.apply([{ action: 'insert', kind: 'paymentApplication', entity: again }]);
  expect(find()).toEqual({ ...again, revision: 5 });
  expect([...state.written()]).toEqual([
    { kind: 'paymentApplication', action: 'update', entity: { ...again, revision: 5 } },
  ]);
  state.apply([{ action: 'delete', kind: 'paymentApplication', entity: again }]);
  expect([...state.written()]).toMatchObject([{ action: 'delete' }]);
  // The row of the update is one that D1 takes.
  const table = entityTables.paymentApplication;
  await env.DB.prepare(table.insertSql)
    .bind(JSON.stringify([toRow(table, application)]))
    .run();
  await env.DB.prepare(table.updateSql)
    .bind(JSON.stringify([toRow(table, { ...again, revision: 5 })]))
    .run();
  const row = await env.DB.prepare(
    'SELECT revision, amount_minor AS amount FROM payment_application WHERE id = ?1',
  )
    .bind(application.id)
    .first();
  expect(row).toEqual({ revision: 5, amount: 40 });
});
