import { limits } from '../../env.ts';
import { dueThrough } from '../../jobs/scheduled-work.ts';
import { countDue, listScheduledFailures, readLastRun } from '../../persistence/scheduled-work.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { wirePaging } from '../../wire/values.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf, rangeOf } from '../paging.ts';

/** Renewals, expirations and scheduled orders: how much is due, when it was last looked for, and what was refused and why. */
export const scheduledWorkOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayGetScheduledWork',
    method: 'get',
    path: '/v1/spillway/scheduled-work',
    role: 'admin',
    query: wirePaging,
    handle: async (c, { query }) => {
      const page = pageOf(query);
      const db = reader(c);
      const { timeZone, 'scheduled.runHour': runHour } = await readSettings(db);
      const through = dueThrough(new Date().toISOString(), timeZone, Number(runHour));
      const failures = await listScheduledFailures(db, rangeOf(page));
      return c.json({
        dueThrough: through,
        timeZone,
        runHour: Number(runHour),
        lastRun: await readLastRun(db),
        due: {
          ...(await countDue(db, through, limits.scheduledCountMax)),
          countMax: limits.scheduledCountMax,
        },
        failures: failures.slice(0, page.pageSize),
        ...nextPage(c, page, failures.length > page.pageSize),
        success: true,
      });
    },
  }),
];
