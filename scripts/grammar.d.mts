export const GRAMMARS: ReadonlyArray<{ readonly grammar: string; readonly parser: string }>;
export function parserOf(grammarText: string): string;
