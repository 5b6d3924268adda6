/** Made of trino.peggy by `npm run grammar`. */
export class SyntaxError extends Error {
  readonly location: { readonly start: { readonly offset: number } };
}

export function parse(text: string, options: object): unknown;
