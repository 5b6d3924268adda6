import { aggregateSignatures } from './aggregates.ts';
import { scalarSignatures } from './special-functions.ts';
import { windowSignatures } from './window-functions.ts';

/** Every function with its kind and signature, by name. */
export function functionSignatures(): ReadonlyArray<
  readonly [name: string, kind: string, signature: string]
> {
  const of = (kind: string, list: ReadonlyArray<readonly [string, string]>) =>
    list.map(([name, signature]) => [name, kind, signature] as const);
  return [
    ...of('scalar', scalarSignatures),
    ...of('aggregate', aggregateSignatures),
    ...of('window', windowSignatures),
  ].sort(([left], [right]) => (left < right ? -1 : 1));
}
