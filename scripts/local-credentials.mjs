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

/** Of the administrator who signs in to the web pages of a local server; like the client's, written by nothing else. */
export const LOCAL_ADMIN_EMAIL = 'admin@example.com';
export const LOCAL_ADMIN_PASSWORD = 'spillway-local-password';

/** The administrator of a local server: given, from the environment, or the documented local-only default. */
export function localAdmin({ adminEmail, adminPassword } = {}) {
  return {
    adminEmail: adminEmail ?? (process.env.SPILLWAY_ADMIN_EMAIL || LOCAL_ADMIN_EMAIL),
    adminPassword: adminPassword ?? (process.env.SPILLWAY_ADMIN_PASSWORD || LOCAL_ADMIN_PASSWORD),
  };
}
