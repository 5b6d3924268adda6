// npm run migration:triggers: prints the triggers of the tables that queries read, for a migration. `-- TABLE …` prints those of
// some tables and drops them first, as is needed when columns were added.

import { snapshotSources, triggersOf } from '../src/persistence/snapshot-triggers.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !snapshotSources.has(name));
if (unknown.length > 0) {
  console.error(`No table that queries read: ${unknown.join(', ')}`);
  process.exit(1);
}
const sources = [...snapshotSources.values()].filter(
  ({ table }) => wanted.length === 0 || wanted.includes(table),
);
for (const statement of sources.flatMap(triggersOf)) {
  const name = /^CREATE TRIGGER (\w+)/.exec(statement)[1];
  if (wanted.length > 0) console.log(`DROP TRIGGER IF EXISTS ${name};--> statement-breakpoint`);
  console.log(`${statement};--> statement-breakpoint`);
}
