/** Made of trino.peggy by `npm run grammar`. */
declare class TrinoSyntaxError extends Error {
  readonly location: { readonly start: { readonly offset: number } };
}

export { TrinoSyntaxError as SyntaxError };

/** @throws SyntaxError, with where the text stops being in the grammar */
export function parse(text: string, options: object): unknown;
