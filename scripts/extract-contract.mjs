// Extracts from a published contract what the conformance tests need, into test/conformance/contract/.
//
//   node scripts/extract-contract.mjs <folder with contract.json, scope.json, object-query.json, examples/, sample-conflicts.json>
//
// Written are, for the operations whose scope is `core`: operations.json (method, path, area, request and reply
// schemas), components.json (the schemas that these reach), samples.json (published request and reply bodies),
// sample-conflicts.json (where a sample and its schema disagree) and object-query.json (by path, what Object Query can
// filter, sort and expand). All prose is left out.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SCHEMA_PREFIX = '#/components/schemas/';
/** Keywords that carry prose or say nothing about the shape of a body. */
const DROPPED_KEYWORDS = new Set(['description', 'title', 'example', 'examples', 'default', 'discriminator']);

const source = process.argv[2];
if (!source) {
  console.error('usage: node scripts/extract-contract.mjs <contract folder>');
  process.exit(2);
}
const target = resolve(import.meta.dirname, '../test/conformance/contract');
const readSource = (name) => JSON.parse(readFileSync(join(source, name), 'utf8'));

/** Removes dropped keywords from a schema; property names are left alone, whatever they are called. */
function withoutProse(schema) {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = {};
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED_KEYWORDS.has(key)) continue;
    if (key === 'enum' || key === 'required') kept[key] = value;
    else if (key === 'properties') {
      kept[key] = Object.fromEntries(Object.entries(value).map(([name, sub]) => [name, withoutProse(sub)]));
    } else kept[key] = withoutProse(value);
  }
  return kept;
}

function collectReferences(node, found) {
  if (Array.isArray(node)) for (const item of node) collectReferences(item, found);
  else if (node !== null && typeof node === 'object') {
    if (typeof node.$ref === 'string') found.add(node.$ref.slice(SCHEMA_PREFIX.length));
    for (const value of Object.values(node)) collectReferences(value, found);
  }
  return found;
}

/** The first body schema of a request or reply, or undefined when it has no JSON or form body. */
function bodySchema(part) {
  const content = part?.content ?? {};
  const schema = (content['application/json'] ?? content['application/x-www-form-urlencoded'])?.schema;
  return schema === undefined ? undefined : withoutProse(schema);
}

const contract = readSource('contract.json');
const scope = readSource('scope.json');
const conflicts = readSource('sample-conflicts.json');

const operations = {};
const samples = {};
const keptConflicts = {};
for (const [path, methods] of Object.entries(contract.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const id = operation?.operationId;
    if (id === undefined || scope[id]?.scope !== 'core') continue;
    const responses = {};
    for (const [status, reply] of Object.entries(operation.responses)) {
      responses[status] = bodySchema(reply) ?? null;
    }
    operations[id] = {
      method: method.toUpperCase(),
      path,
      area: scope[id].area,
      request: bodySchema(operation.requestBody),
      responses,
    };
    const exampleFile = join(source, 'examples', `${id}.json`);
    if (existsSync(exampleFile)) {
      const { request, response } = JSON.parse(readFileSync(exampleFile, 'utf8'));
      samples[id] = { request, response };
    }
    if (conflicts[id]) keptConflicts[id] = conflicts[id];
  }
}

const components = {};
const pending = [...collectReferences(operations, new Set())];
while (pending.length > 0) {
  const name = pending.pop();
  if (name in components) continue;
  const schema = contract.components.schemas[name];
  if (schema === undefined) throw new Error(`The contract refers to ${name} and does not define it.`);
  components[name] = withoutProse(schema);
  pending.push(...collectReferences(components[name], new Set()));
}

const listed = new Set(Object.values(operations).map(({ path }) => path));
const objectQuery = Object.fromEntries(
  Object.entries(readSource('object-query.json'))
    .filter(([path]) => listed.has(path))
    .map(([path, { schema, filter, sort, expand }]) => [
      path,
      { schema, filter, sort, expand: expand ?? [] },
    ]),
);

const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
mkdirSync(target, { recursive: true });
for (const [name, record] of Object.entries({
  operations,
  components,
  samples,
  'sample-conflicts': keptConflicts,
  'object-query': objectQuery,
})) {
  const text = `${JSON.stringify(sorted(record))}\n`;
  writeFileSync(join(target, `${name}.json`), text);
  console.log(`${name}.json: ${Object.keys(record).length} entries, ${Math.round(text.length / 1000)} kB`);
}
