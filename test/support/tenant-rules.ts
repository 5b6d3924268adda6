import type { TenantRules } from '../../src/domain/account/command.ts';
import { billingRuleDefaults } from '../../src/domain/billing/billing-rules.ts';

/** The tenant's rules as they are without settings. */
export const defaultRules: TenantRules = { orderAccountIsInvoiceOwner: true, billing: billingRuleDefaults };
