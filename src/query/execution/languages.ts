import type { QueryStatement } from '../../persistence/query-jobs.ts';
import { type CompiledQuery, QueryError } from '../compiled-query.ts';

/** Compiles a text of a language. Throws a QueryError that says what is wrong with it. */
export type CompileQuery = (text: string, options: QueryStatement['options']) => CompiledQuery;

/** The languages that jobs can be written in, by the name that their statements have; worker.ts says which there are. */
export const languages = new Map<string, CompileQuery>();

/** @throws QueryError */
export function compileStatement({ language, text, options }: QueryStatement): CompiledQuery {
  const compile = languages.get(language);
  if (compile === undefined) throw new QueryError(`There is no query language ${language}.`);
  return compile(text, options);
}
