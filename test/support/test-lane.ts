import { env } from 'cloudflare:workers';
import { type CommitPort, Committer } from '../../src/account/committer.ts';
import { Lane, type LaneLimits } from '../../src/account/lane.ts';
import { type RegisteredCommand, registered } from '../../src/account/registry.ts';
import { newTimeOrderedId } from '../../src/account/runtime.ts';
import type { Command, CommandHandler, CommandOutcome } from '../../src/domain/account/command.ts';
import { PlanBuilder } from '../../src/domain/account/plan.ts';
import type { Account } from '../../src/domain/accounts/account.ts';
import { refuse } from '../../src/domain/result.ts';
import { limits } from '../../src/env.ts';
import { defaultRules } from './tenant-rules.ts';

/** A lane over real D1 with small commands of its own, for tests of the engine without any resource. */

interface Open {
  readonly id: string;
  readonly accountNumber: string;
  readonly partnerAccount: boolean;
}
/** Adds to the account's bill cycle day, up to 31; with `amountMinor` it also moves a metric. */
interface Bump {
  readonly accountId: string;
  readonly by: number;
  readonly amountMinor?: number;
  readonly flag?: boolean;
}

export function newAccount(payload: Open, now: string): Account {
  return {
    id: payload.id,
    revision: 0,
    accountNumber: payload.accountNumber,
    name: payload.accountNumber,
    status: 'Active',
    currency: 'USD',
    billCycleDay: 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: payload.partnerAccount,
    parentId: null,
    billToContactId: null,
    soldToContactId: null,
    paymentTerm: 'Due Upon Receipt',
    details: {},
    customFields: {},
    createdAt: now,
    createdBy: 'test',
    updatedAt: now,
    updatedBy: 'test',
  };
}

const open: CommandHandler<Open, { id: string }> = {
  needs: () => [],
  decide: (_state, payload, { now }) =>
    new PlanBuilder().insert('account', newAccount(payload, now)).build({ id: payload.id }),
};

const bump: CommandHandler<Bump, { day: number }> = {
  needs: ({ accountId }) => [{ kind: 'account', key: accountId }],
  decide: (state, { accountId, by, amountMinor, flag }, { newId }) => {
    const account = state.find('account', accountId);
    if (account === null) return refuse('not_found', 'no such account', 'accountId');
    const day = account.billCycleDay + by;
    if (day > 31) return refuse('rule', `the day would be ${day}`, 'by');
    const plan = new PlanBuilder().update('account', {
      ...account,
      billCycleDay: day,
      partnerAccount: flag ?? account.partnerAccount,
    });
    if (amountMinor !== undefined) {
      plan.delta({
        accountId,
        currency: 'USD',
        totalInvoiceBalanceMinor: amountMinor,
        documentKind: 'invoice',
        documentId: newId(),
      });
    }
    return plan.build({ day });
  },
};

const fail: CommandHandler<object, object> = {
  needs: () => [],
  decide: () => {
    throw new TypeError('a defect');
  },
};

/** Inserts a row that the table's own constraints refuse: id null. */
const poison: CommandHandler<object, object> = {
  needs: () => [],
  decide: (_state, _payload, { now }) =>
    new PlanBuilder()
      .insert('account', {
        ...newAccount({ id: 'p', accountNumber: 'P', partnerAccount: false }, now),
        name: null as never,
      })
      .build({}),
};

export const testCommands: ReadonlyMap<string, RegisteredCommand> = new Map([
  ['open', registered(open, (reply) => reply)],
  ['bump', registered(bump, (reply) => reply)],
  ['fail', registered(fail, (reply) => reply)],
  ['poison', registered(poison, (reply) => reply)],
]);

export interface TestLane {
  readonly lane: Lane;
  /** Accounts whose fold was asked for, one list per message. */
  readonly announced: string[][];
  readonly commits: CommitPort;
  send(
    kind: string,
    payload: object,
    options?: Partial<Command> & { resent?: boolean },
  ): Promise<CommandOutcome>;
}

export function testLane(options: {
  laneId: string;
  db?: D1Database;
  limits?: Partial<LaneLimits>;
  now?: () => string;
  commits?: CommitPort;
  commands?: ReadonlyMap<string, RegisteredCommand>;
}): TestLane {
  const db = options.db ?? env.DB;
  const announced: string[][] = [];
  const pause = () => Promise.resolve();
  const committer = new Committer(
    { db, announceDue: (ids) => announced.push([...ids]), pause, log: () => undefined },
    limits,
  );
  const commits = options.commits ?? { commit: async (group) => (await committer.commit([group]))[0]! };
  const now = options.now ?? (() => new Date().toISOString());
  const lane = new Lane(
    options.laneId,
    {
      db,
      commits,
      commands: options.commands ?? testCommands,
      clock: () => ({ now: now(), today: now().slice(0, 10) }),
      rules: () => defaultRules,
      newId: newTimeOrderedId,
      pause,
      yieldToArrivals: pause,
      log: () => undefined,
      info: () => undefined,
    },
    { ...limits, ...options.limits },
  );
  return {
    lane,
    announced,
    commits,
    send: (kind, payload, { resent = false, ...overrides } = {}) =>
      lane.submit(commandFor(kind, payload, overrides), resent),
  };
}

export function commandFor(kind: string, payload: object, overrides: Partial<Command> = {}): Command {
  return {
    version: 1,
    id: newTimeOrderedId(new Date().toISOString()),
    kind,
    payload,
    actor: 'test',
    requestId: crypto.randomUUID(),
    envelope: 'v1',
    resourceCode: '500000',
    bytes: 100,
    ...overrides,
  };
}

export function newId(): string {
  return newTimeOrderedId(new Date().toISOString());
}
