/** A body that nests more deeply is indented no further: what somebody sent does not decide how long the page is. */
const INDENT_LEVELS_MAX = 12;
const TOKEN = /"(?:[^"\\]|\\[\s\S])*"?|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON one member a line, token by token: numbers, names and their order stand as they were sent, which parsing would not keep. What was cut is
 * shown as far as it goes; what is no JSON stays as it is.
 */
export function indented(text: string, isCut: boolean): string {
  if (!/^\s*[{[]/.test(text) || (!isCut && !isJson(text))) return text;
  const tokens = text.match(TOKEN) ?? [];
  const line = (depth: number) => `\n${'  '.repeat(Math.min(depth, INDENT_LEVELS_MAX))}`;
  let depth = 0;
  let shown = '';
  tokens.forEach((token, i) => {
    if (token === '{' || token === '[') {
      const isEmpty = /^[}\]]$/.test(tokens[i + 1] ?? '');
      depth++;
      shown += isEmpty ? token : token + line(depth);
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      shown += /^[{[]$/.test(tokens[i - 1] ?? '') ? token : line(depth) + token;
    } else if (token === ',') shown += token + line(depth);
    else shown += token === ':' ? ': ' : token;
  });
  return shown;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
