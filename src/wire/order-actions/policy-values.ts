import { type Refusal, refuse } from '../../domain/result.ts';

/** What one policy of an action needs beside its name, and what belongs to other policies. */
export interface PolicyRule {
  /** Field of the policy, below the action's own object, and its value. */
  readonly policyField: string;
  readonly policy: string;
  /** Fields that some policy needs, with the policies that do. */
  readonly needed: ReadonlyArray<readonly [field: string, policies: readonly string[]]>;
}

/**
 * A policy's values must be there, and those of other policies must not: a date that would be passed over is more likely a wrong policy
 * than a wrong date.
 */
export function policyProblem(
  body: object,
  { policyField, policy, needed }: PolicyRule,
  path: string,
): Refusal | null {
  const values = body as Readonly<Record<string, unknown>>;
  for (const [field, policies] of needed) {
    const isNeeded = policies.includes(policy);
    if (isNeeded && values[field] == null) {
      return refuse('missing', `is required with the ${policyField} ${policy}`, `${path}.${field}`);
    }
    if (!isNeeded && values[field] != null) {
      return refuse('invalid', `does not go with the ${policyField} ${policy}`, `${path}.${field}`);
    }
  }
  return null;
}
