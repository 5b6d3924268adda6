import type { MiddlewareHandler } from 'hono';
import { refuse } from '../../domain/result.ts';
import type { AppEnv } from '../context.ts';
import { refused } from '../errors.ts';

/** Versions that the contract names (conventions 4); from the first dated one on, errors carry their HTTP status. */
const NUMBERED_VERSION = /^\d{3}(\.0)?$/;
const DATED_VERSION = /^\d{4}-\d{2}-\d{2}$/;
const STATUS_SINCE = '2024-05-20';
/** From this one on Object Query has an error body and a category of its own. */
const OBJECT_QUERY_ERRORS_SINCE = '2025-08-12';
const TRACK_ID = /^[\x20-\x7e]{1,64}$/;
const TRACK_ID_BANNED = /[:;"']/;
/** As D1 gives them: four groups of hex digits. Anything else would make it fail, or read without the order that a bookmark asks for. */
const BOOKMARK = /^[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}$/;

/**
 * Gives every request an id, echoes its track id, and reads the version that it was written for: without one the newest.
 */
export function requestHeaders(): MiddlewareHandler<AppEnv> {
  return async function requestHeaders(c, next) {
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    const version = c.req.header('Zuora-Version');
    c.set(
      'legacyStatus',
      version !== undefined && (NUMBERED_VERSION.test(version) || version < STATUS_SINCE),
    );
    c.set(
      'objectQueryErrors',
      version === undefined || (!NUMBERED_VERSION.test(version) && version >= OBJECT_QUERY_ERRORS_SINCE),
    );
    const trackId = c.req.header('Zuora-Track-Id');
    if (trackId !== undefined && (!TRACK_ID.test(trackId) || TRACK_ID_BANNED.test(trackId))) {
      c.header('Zuora-Request-Id', requestId);
      return refused(
        c,
        refuse(
          'invalid',
          'must be 1 to 64 ASCII characters without colon, semicolon or quotes',
          'Zuora-Track-Id',
        ),
      );
    }
    if (version !== undefined && !NUMBERED_VERSION.test(version) && !DATED_VERSION.test(version)) {
      c.set('legacyStatus', false);
      c.header('Zuora-Request-Id', requestId);
      return refused(c, refuse('invalid', 'must be a version such as 2025-08-12 or 341.0', 'Zuora-Version'));
    }
    const bookmark = c.req.header('Spillway-Bookmark');
    if (bookmark !== undefined && !BOOKMARK.test(bookmark)) {
      c.header('Zuora-Request-Id', requestId);
      return refused(c, refuse('invalid', 'must be one that a reply carried', 'Spillway-Bookmark'));
    }
    await next();
    // Not by c.header: on a finished response that makes a new one for every header.
    c.res.headers.set('Zuora-Request-Id', requestId);
    if (trackId !== undefined) c.res.headers.set('Zuora-Track-Id', trackId);
    return undefined;
  };
}
