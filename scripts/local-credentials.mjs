// Credentials of a server on this machine; alone in a file so that clients of a running server load no server.

/** Accepted by a local server only: nothing but the local server ever writes it to a database. */
export const LOCAL_CLIENT_ID = 'spillway-local';
export const LOCAL_CLIENT_SECRET = 'spillway-local-secret';

/** The credentials a local server accepts: given, from the environment, or the documented local-only default. */
export function localCredentials({ clientId, clientSecret } = {}) {
  return {
    clientId: clientId ?? (process.env.SPILLWAY_CLIENT_ID || LOCAL_CLIENT_ID),
    clientSecret: clientSecret ?? (process.env.SPILLWAY_CLIENT_SECRET || LOCAL_CLIENT_SECRET),
  };
}
