import { type Env, limits } from '../env.ts';
import { log } from '../persistence/log.ts';
import { dueAnnouncer } from '../persistence/outbox.ts';
import { readSettings, type Settings, settingDefaults } from '../persistence/tenant-settings.ts';
import { Committer } from './committer.ts';
import { pauseBetweenAttempts } from './runtime.ts';

/** How long an object uses the settings that it read, milliseconds. */
const SETTINGS_FRESH_MS = 10_000;

/** Settings as an object sees them: read behind the writes, never in their way. */
export class SettingsView {
  #settings: Settings = settingDefaults;
  #readAt = 0;
  #reading: Promise<void> = Promise.resolve();
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  current(): Settings {
    if (Date.now() - this.#readAt > SETTINGS_FRESH_MS) {
      this.#readAt = Date.now();
      this.#reading = readSettings(this.#db).then(
        (settings) => {
          this.#settings = settings;
        },
        (error: unknown) => log('settings.read_failed', { message: String(error) }),
      );
    }
    return this.#settings;
  }

  /** The same for what may wait: the first answer of a fresh object is the tenant's too, and not the default. */
  async read(): Promise<Settings> {
    this.current();
    await this.#reading;
    return this.#settings;
  }
}

/** The committer of an object: per lane, or of the one object that commits for all. */
export function committerOf(env: Env, db: D1Database, settings: SettingsView): Committer {
  const announceDue = dueAnnouncer({
    send: (message, delaySeconds) => env.METRICS_QUEUE.send(message, { delaySeconds }),
    delaySeconds: async () => Number((await settings.read())['metrics.foldDelaySeconds']),
    log,
  });
  return new Committer({ db, announceDue, pause: pauseBetweenAttempts, log }, limits);
}
