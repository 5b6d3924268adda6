/** The rules of style that are checked by machine. Each takes text and returns one sentence per violation. */

export interface SourceFile {
  /** Relative to the project, with forward slashes: src/domain/money.ts. */
  path: string;
  text: string;
}

export const FILE_LINES_MAX = 400;

/** Imports run one way: a folder of src may import from itself and from those listed. */
const ALLOWED_LAYERS: Record<string, readonly string[]> = {
  domain: [],
  persistence: ['domain', 'env'],
  wire: ['domain', 'env'],
  gateways: ['domain', 'persistence', 'env'],
  account: ['domain', 'persistence', 'wire', 'env'],
  jobs: ['domain', 'persistence', 'wire', 'gateways', 'env'],
  query: ['domain', 'persistence', 'wire', 'env'],
  auth: ['domain', 'persistence', 'wire', 'env'],
  http: ['domain', 'persistence', 'wire', 'gateways', 'account', 'jobs', 'query', 'auth', 'env'],
  ui: ['domain', 'persistence', 'wire', 'gateways', 'account', 'jobs', 'query', 'auth', 'env'],
  worker: [
    'domain',
    'persistence',
    'wire',
    'gateways',
    'account',
    'jobs',
    'query',
    'auth',
    'http',
    'ui',
    'env',
  ],
  // Names the bindings, so it knows the classes behind them as types; nothing at run time.
  env: [],
};

const DOMAIN_PACKAGES = ['bignumber.js'];

const DOMAIN_BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bDate\s*\.\s*now\b/, 'Date.now'],
  [/\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())/, 'new Date()'],
  [/(?<!new\s+)(?<![\w.])Date\s*\(/, 'Date()'],
  [/\bglobalThis\b/, 'globalThis'],
  [/\bMath\s*\.\s*random\b/, 'Math.random'],
  [/(?<![\w.])crypto\b/, 'crypto'],
  [/(?<![\w.])performance\b/, 'performance'],
  [/(?<![\w.])(?:setTimeout|setInterval|queueMicrotask)\b/, 'a timer'],
  [/(?<![\w.])fetch\s*\(/, 'fetch'],
];

/** The text without comments; strings are kept. */
function withoutComments(text: string): string {
  const token = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (_, literal: string | undefined) => literal ?? ' ');
}

interface Import {
  specifier: string;
  typeOnly: boolean;
}

function importsOf(file: SourceFile): Import[] {
  const text = withoutComments(file.text);
  const statement = /\b(?:import|export)\s+(type\s)?[^;'"()]*?\bfrom\s*['"]([^'"]+)['"]/g;
  const bare = /\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
  return [
    ...Array.from(text.matchAll(statement), (m) => ({
      specifier: m[2] as string,
      typeOnly: m[1] !== undefined,
    })),
    ...Array.from(text.matchAll(bare), (m) => ({ specifier: m[1] as string, typeOnly: false })),
  ];
}

/** The layer of a path in src: its folder, or the name of a file that lies in src itself. */
function layerOf(path: string): string {
  const parts = path.split('/');
  return (parts.length > 2 ? parts[1] : parts[1]?.replace(/\.tsx?$/, '')) ?? '';
}

function resolveFrom(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

/** Imports of files in src that do not run from right to left, and what domain takes from outside. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    const allowed = ALLOWED_LAYERS[layer];
    if (allowed === undefined) return [`${file.path}: "${layer}" is not a layer.`];
    return importsOf(file).flatMap(({ specifier, typeOnly }) => {
      if (!specifier.startsWith('.')) {
        const foreign = layer === 'domain' && !DOMAIN_PACKAGES.includes(specifier);
        return foreign ? [`${file.path}: domain may not import ${specifier}.`] : [];
      }
      const target = resolveFrom(file.path, specifier);
      if (!target.startsWith('src/')) return [`${file.path}: imports ${target} from outside src.`];
      const targetLayer = layerOf(target);
      const legal = targetLayer === layer || allowed.includes(targetLayer) || (layer === 'env' && typeOnly);
      return legal ? [] : [`${file.path}: ${layer} may not import ${targetLayer} (${specifier}).`];
    });
  });
}

/** Files that are longer than FILE_LINES_MAX lines. */
export function lengthViolations(files: readonly SourceFile[]): string[] {
  return files
    .map((file) => ({ path: file.path, lines: file.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > FILE_LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines, at most ${FILE_LINES_MAX}.`);
}

/** Clocks, randomness and I/O in domain: time and ids are parameters there. */
export function domainCallViolations(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => layerOf(file.path) === 'domain')
    .flatMap((file) => {
      const text = withoutComments(file.text).replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
      return DOMAIN_BANNED.filter(([pattern]) => pattern.test(text)).map(
        ([, name]) => `${file.path}: domain may not use ${name}.`,
      );
    });
}

/** Tests that are switched off, or that switch the others off. */
export function disabledTestViolations(files: readonly SourceFile[]): string[] {
  const chained = /\b(?:test|it|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|skipIf|runIf|fails)\b/;
  const prefixed = /(?<![\w.])[xf](?:test|it|describe)\s*\(/;
  return files
    .filter((file) => {
      const text = withoutComments(file.text);
      return chained.test(text) || prefixed.test(text);
    })
    .map((file) => `${file.path}: has a test that is switched off or on alone.`);
}

interface LockEntry {
  resolved?: string;
  version?: string;
  optionalDependencies?: Record<string, string>;
}

/**
 * Lock file entries that name where to download from (the registry is the reader's own), and packages of other
 * platforms that are missing: a registry that lacks them leaves them out, and then `npm ci` refuses the lock file.
 */
export function lockFileViolations(lockFile: string): string[] {
  const lock: { packages: Record<string, LockEntry> } = JSON.parse(lockFile);
  const names = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ''));
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    const address = [entry.resolved, entry.version].find((text) => text?.includes(':'));
    const missing = Object.keys(entry.optionalDependencies ?? {}).filter((name) => !names.includes(name));
    return [
      ...(address === undefined ? [] : [`${path}: downloads from ${address}.`]),
      ...missing.map((name) => `${path}: ${name} is not in the lock file.`),
    ];
  });
}

/** Tables of the migrations that a document does not name. */
export function undocumentedTables(migrations: string, document: string): string[] {
  const tables = Array.from(migrations.matchAll(/CREATE TABLE `(\w+)`/g), (match) => match[1]!);
  return tables.filter((table) => !document.includes(`\`${table}\``));
}
