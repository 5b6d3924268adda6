import type { Account } from './account.ts';
import type { Contact } from './contact.ts';

/** An account as orders and subscriptions show it beside themselves. */
export interface AccountCard {
  readonly account: Account;
  readonly billTo: Contact | null;
  readonly soldTo: Contact | null;
  /** Time of the last fold while the account is a partner, else null (semantics A.5). */
  readonly lastMetricsUpdate: string | null;
}

/** What a reply about orders or subscriptions needs of accounts. */
export interface AccountCards {
  readonly byId: ReadonlyMap<string, AccountCard>;
  /** The contacts that were asked for beside the accounts' own. */
  readonly contactById: ReadonlyMap<string, Contact>;
  /** IANA zone in which instants are shown. */
  readonly timeZone: string;
}
