import type { Entities } from '../../src/domain/entities.ts';
import { entityTables, toRow } from '../../src/persistence/entity-tables.ts';
import { SYNC_FLAG } from '../../src/persistence/metrics-sql.ts';
import { catalogState, testAccount, testOffer } from '../support/order-objects.ts';
import type { Random } from './random.ts';

/** What stands in the database before a run: a small catalog, a reseller and customers, some of them partners. */
export interface Fixtures {
  readonly accounts: ReadonlyArray<{ readonly id: string; readonly accountNumber: string }>;
  readonly ratePlanIds: readonly string[];
}

/** Before any of a run's clocks. */
const MADE_AT = '2020-01-01T00:00:00.000Z';

const CLEARED = [
  ...Object.values(entityTables).map((table) => table.tableName),
  'lane_commit',
  'command_log',
  'idempotency',
  'metric_delta',
  'account_metrics',
  'metrics_state',
  'metrics_due',
  'dead_letter',
];

/** An empty database with the fixtures of one run. Number ranges go on: numbers stay unique over runs. */
export async function setUp(db: D1Database, random: Random): Promise<Fixtures> {
  const accounts = Array.from({ length: 4 }, () => testAccount({ partnerAccount: random.chance(0.5) }));
  const perUnit = { chargeModel: 'Per Unit Pricing', defaultQuantity: '4', unitOfMeasure: 'Each' } as const;
  const offers = [
    testOffer([
      { price: '25' },
      { price: '6.25', ...perUnit },
      { price: '330', billingPeriod: 'Specific Months', specificBillingPeriod: 18 },
      { price: '99', chargeType: 'OneTime', billingPeriod: null, endDateCondition: null },
    ]),
    testOffer([
      { price: '3.333', ...perUnit, billingPeriod: 'Quarter', triggerEvent: 'ServiceActivation' },
      { price: '40', endDateCondition: 'FixedPeriod', upToPeriods: 3, upToPeriodsType: 'Months' },
    ]),
  ];
  const insert = <K extends keyof typeof entityTables>(kind: K, entities: ReadonlyArray<Entities[K]>) =>
    db
      .prepare(entityTables[kind].insertSql)
      .bind(JSON.stringify(entities.map((entity) => toRow(entityTables[kind], entity))));
  await db.batch([
    ...CLEARED.map((table) => db.prepare(`DELETE FROM ${table}`)),
    insert('catalogState', [catalogState]),
    insert(
      'product',
      offers.map(({ product }) => product),
    ),
    insert(
      'productRatePlan',
      offers.map(({ offer }) => offer.plan),
    ),
    insert(
      'productRatePlanCharge',
      offers.flatMap(({ offer }) => offer.charges),
    ),
    insert('account', accounts),
    // As the commit that makes an account does.
    db.prepare(SYNC_FLAG).bind(JSON.stringify(accounts.map(({ id }) => id)), MADE_AT),
  ]);
  return { accounts, ratePlanIds: offers.map(({ offer }) => offer.id) };
}
