import type { z } from 'zod';
import { execute } from '../../account/client.ts';
import type { Command, CommandOutcome } from '../../domain/account/command.ts';
import type { Refusal } from '../../domain/result.ts';
import type { AppContext } from '../context.ts';
import { commandOf } from '../operation.ts';

/**
 * Writes of the older resources, each declared once: /v1/object/… carries out one of them, /v1/action/create, update and delete up to fifty. What
 * they do are the commands of /v1, with the names and replies of these resources.
 */

/** What became of a write: the outcome of its command, or why none was sent. */
export type Written = CommandOutcome | Refusal;

/** One write of a request, and its commands. */
export interface Writer {
  readonly c: AppContext;
  /** A command that is only the first step of it: the reply is told by a later one, so its idempotency key is not the write's. */
  firstStep(kind: string, payload: unknown): Command;
  /** Sends its command to a lane. */
  send(laneId: string, kind: string, payload: unknown): Promise<CommandOutcome>;
}

/** A write that takes a body, after its schema has read it. */
export interface BodyWrite {
  readonly schema: z.ZodType;
  /** Does more than send one command: a stored reply is looked up before it starts. */
  readonly manySteps: boolean;
  /** Fields that can be set to nothing by name; custom fields always can. */
  readonly nullable: ReadonlySet<string>;
  carryOut(writer: Writer, body: unknown, id: string): Promise<Written>;
}

export interface ObjectWrites {
  /** As the actions name it, and in small letters with hyphens the path: BillRun, /v1/object/bill-run. */
  readonly type: string;
  readonly create?: BodyWrite;
  readonly update?: BodyWrite;
  readonly remove?: (writer: Writer, id: string) => Promise<Written>;
}

/** BillRun → /v1/object/bill-run */
export function objectPathOf(type: string): string {
  return `/v1/object/${type.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase()}`;
}

/** Ties a schema to what is done with its output. The types of both meet here. */
export function write<Schema extends z.ZodType>(
  schema: Schema,
  carryOut: (writer: Writer, body: z.output<Schema>, id: string) => Promise<Written>,
  options: { readonly manySteps?: true; readonly nullable?: readonly string[] } = {},
): BodyWrite {
  return {
    schema,
    manySteps: options.manySteps ?? false,
    nullable: new Set(options.nullable),
    carryOut: (writer, body, id) => carryOut(writer, body as z.output<Schema>, id),
  };
}

/** @param part tells the writes of one request apart; undefined when it is the only one, whose reply is the request's */
export function writerOf(c: AppContext, part?: { readonly index: number; readonly bytes: number }): Writer {
  const command = (kind: string, payload: unknown, key: number | undefined): Command => {
    const whole = commandOf(c, kind, payload, key);
    return part === undefined ? whole : { ...whole, bytes: part.bytes };
  };
  return {
    c,
    firstStep: (kind, payload) => command(kind, payload, part?.index ?? 0),
    async send(laneId, kind, payload) {
      const outcome = await execute(c.env, laneId, command(kind, payload, part?.index));
      if (part === undefined && c.get('idempotency') !== undefined) c.set('replyKept', true);
      return outcome;
    },
  };
}
