import { env, exports } from 'cloudflare:workers';
import { createClient, issueToken } from '../../src/auth/clients.ts';

/** Fetches files by the addresses that jobs give, as a client that may read. */
export async function fileReader(): Promise<(address: string) => Promise<Response>> {
  const now = new Date();
  const client = await createClient(env.DB, 'files', 'read', now.toISOString());
  const { token } = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!;
  return (address) =>
    exports.default.fetch(new Request(address, { headers: { Authorization: `Bearer ${token}` } }));
}
