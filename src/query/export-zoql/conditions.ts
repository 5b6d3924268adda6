import { type Compared, type Comparing, comparisonSql, fieldComparisonSql } from '../filtering/comparison.ts';
import { joinedDepth, joinedSql } from '../filtering/literals.ts';
import { QueryFault } from '../filtering/query-fault.ts';
import type { Condition, Operand } from './syntax.ts';

/** SQL of a condition, and how it may be asked. */
export interface CompiledCondition {
  readonly sql: string;
  /** Levels of its expression above those of single comparisons. */
  readonly levels: number;
  /** Only columns of the base's own table are in it. */
  readonly isOwn: boolean;
}

/** An operand as SQL. */
export interface CompiledOperand extends Compared {
  readonly isOwn: boolean;
}

/**
 * Levels of and, or, not. SQLite evaluates expressions of at most 100 levels in D1 and Durable Objects; fields have the rest.
 */
export const CONDITION_LEVELS_MAX = 50;

/** Compiles conditions; `operandOf` knows which names mean what where they stand. */
export function compileCondition(
  condition: Condition,
  operandOf: (operand: Operand) => CompiledOperand,
  comparing: Comparing,
): CompiledCondition {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.of.map((part) => compileCondition(part, operandOf, comparing));
      const levels = Math.max(...parts.map((part) => part.levels)) + joinedDepth(parts.length);
      if (levels > CONDITION_LEVELS_MAX) {
        throw new QueryFault('MALFORMED_QUERY', 'Conditions are nested too deeply.');
      }
      return {
        sql: joinedSql(
          condition.kind === 'and' ? 'AND' : 'OR',
          parts.map(({ sql }) => sql),
        ),
        levels,
        isOwn: parts.every(({ isOwn }) => isOwn),
      };
    }
    case 'not': {
      const { sql, levels, isOwn } = compileCondition(condition.of, operandOf, comparing);
      return { sql: `NOT (${sql})`, levels: levels + 1, isOwn };
    }
    case 'null': {
      const { sql, isOwn } = operandOf(condition.left);
      return { sql: `${sql} IS ${condition.isNot ? 'NOT ' : ''}NULL`, levels: 1, isOwn };
    }
    case 'comparison': {
      const left = operandOf(condition.left);
      const { operator, right: given } = condition;
      if (given.kind !== 'path' && given.kind !== 'aggregate') {
        return { sql: comparisonSql(left, operator, given, comparing), levels: 1, isOwn: left.isOwn };
      }
      const right = operandOf(given);
      return {
        sql: fieldComparisonSql(left, operator, right),
        levels: 1,
        isOwn: left.isOwn && right.isOwn,
      };
    }
  }
}

/** Comparisons in a condition. */
export function comparisonsIn(condition: Condition | null): number {
  if (condition === null) return 0;
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.reduce((sum, part) => sum + comparisonsIn(part), 0);
    case 'not':
      return comparisonsIn(condition.of);
    default:
      return 1;
  }
}
