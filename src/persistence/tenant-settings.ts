import type { TenantRules } from '../domain/account/command.ts';
import { type BillingRules, billingRuleDefaults } from '../domain/billing/billing-rules.ts';

/** Settings of the tenant: name → value, with what applies when nothing is stored. */
export const settingDefaults = {
  /** Seconds that a fold waits after an account became due, to take many writes at once. 0 to 3600. */
  'metrics.foldDelaySeconds': '1',
  /** IANA time zone in which dates are meant. */
  timeZone: 'UTC',
  /** Currency of prices that name none. */
  homeCurrency: 'USD',
  /** 'true' | 'false': an order's account must be the invoice owner of every existing subscription in the order. */
  'orders.accountIsInvoiceOwner': 'true',
  /** Hour of the tenant's day from which a day's renewals, expirations and scheduled orders are due. 0 to 23. */
  'scheduled.runHour': '1',
  /** 'true' | 'false': full loads of AQuA sessions come in several files. */
  'aqua.segments': 'false',
  /** What differs from `billingRuleDefaults`, as JSON. */
  'billing.rules': '{}',
} as const;
export type SettingName = keyof typeof settingDefaults;
export type Settings = Record<SettingName, string>;

/** What decisions depend on. */
export function rulesOf(settings: Settings): TenantRules {
  return {
    orderAccountIsInvoiceOwner: settings['orders.accountIsInvoiceOwner'] === 'true',
    billing: {
      ...billingRuleDefaults,
      ...(JSON.parse(settings['billing.rules']) as Partial<BillingRules>),
    },
  };
}

export async function readSettings(db: D1Database): Promise<Settings> {
  const { results } = await db
    .prepare('SELECT name, value FROM tenant_setting WHERE name IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(Object.keys(settingDefaults)))
    .all<{ name: SettingName; value: string }>();
  return { ...settingDefaults, ...Object.fromEntries(results.map((row) => [row.name, row.value])) };
}

/**
 * Writes all of them or none.
 *
 * @param billingRulesWere what `billing.rules` must still be, when a setting rests on it
 * @returns false when it is not, and nothing was written
 */
export async function writeSettings(
  db: D1Database,
  settings: Partial<Settings>,
  billingRulesWere?: string,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      'INSERT INTO tenant_setting (name, value) SELECT j.key, j.value FROM json_each(?1) AS j ' +
        "WHERE ?2 IS NULL OR ?2 = coalesce((SELECT value FROM tenant_setting WHERE name = 'billing.rules'), ?3) " +
        'ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    .bind(JSON.stringify(settings), billingRulesWere ?? null, settingDefaults['billing.rules'])
    .run();
  return meta.changes > 0;
}
