import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { type NewAccount, needsOfNewAccount, openAccount } from '../accounts/new-account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { CreateSubscriptionAction } from './action-specs.ts';
import type { Owners } from './actions/create-subscription.ts';
import type { AccountChoice, OrderRequest } from './order-request.ts';

/** What has to be loaded for an account that is named, or that is to be made. */
export function needsOfAccount(choice: AccountChoice): readonly Need[] {
  return 'key' in choice ? [{ kind: 'account', key: choice.key }] : needsOfNewAccount(choice.newAccount);
}

/** Accounts that the order makes and that take a number of their own. */
export function newAccountCount(request: OrderRequest): number {
  const choices = [
    request.account,
    ...request.subscriptions.flatMap((s) =>
      s.actions.map(({ action }) => (action.type === 'CreateSubscription' ? action.subscriptionOwner : null)),
    ),
  ];
  return choices.filter(
    (choice) => choice !== null && 'newAccount' in choice && choice.newAccount.accountNumber === null,
  ).length;
}

/** The accounts of one order: existing ones are read, new ones are opened into its plan, each once. */
export class OrderAccounts {
  readonly #state: State;
  readonly #plan: PlanBuilder;
  readonly #context: DecideContext;
  /** By number: a subscription may name an account that the same order opens. */
  readonly #opened = new Map<string, Account>();

  constructor(state: State, plan: PlanBuilder, context: DecideContext) {
    this.#state = state;
    this.#plan = plan;
    this.#context = context;
  }

  /** The account of a choice. Refuses one that is not there or canceled, or that can't be opened. */
  resolve(choice: AccountChoice): Account | Refusal {
    if ('newAccount' in choice) return this.#open(choice.newAccount, choice.field);
    const { key, field } = choice;
    const account = this.#opened.get(key) ?? this.#state.find('account', key);
    if (account === null) return refuse('invalid', `there is no account ${key}`, field);
    if (account.status === 'Canceled') return refuse('rule', `account ${key} is canceled`, field);
    return account;
  }

  /** An account that this order opens, by id. */
  opened(id: string): Account | null {
    for (const account of this.#opened.values()) if (account.id === id) return account;
    return null;
  }

  /** Whose subscription an action makes and who is invoiced: by default the order's account (semantics D.1). */
  owners(action: CreateSubscriptionAction, account: Account): Owners | Refusal {
    const subscriptionOwner =
      action.subscriptionOwner === null ? account : this.resolve(action.subscriptionOwner);
    if (isRefusal(subscriptionOwner)) return subscriptionOwner;
    const invoiceOwner = action.invoiceOwner === null ? account : this.resolve(action.invoiceOwner);
    if (isRefusal(invoiceOwner)) return invoiceOwner;
    return { subscriptionOwner, invoiceOwner };
  }

  #open(draft: NewAccount, field: string): Account | Refusal {
    if (draft.accountNumber !== null && this.#opened.has(draft.accountNumber)) {
      return refuse('invalid', 'is given twice in this order', `${field}.accountNumber`);
    }
    const opened = openAccount(this.#state, draft, this.#context);
    if (isRefusal(opened)) {
      return { ...opened, field: opened.field === undefined ? field : `${field}.${opened.field}` };
    }
    this.#opened.set(opened.account.accountNumber, opened.account);
    this.#plan.insert('account', opened.account);
    for (const contact of opened.contacts) this.#plan.insert('contact', contact);
    return opened.account;
  }
}
