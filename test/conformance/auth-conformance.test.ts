import { expect } from 'vitest';
import { conformance, serverUnderTest } from './support/conformance.ts';
import { expectRefusal, textAt } from './support/reply-reading.ts';

// A client exchanges its id and secret for a bearer token; without a valid one nothing else answers.
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function credentials(fields: Record<string, string> = {}): string {
  const { clientId, clientSecret } = serverUnderTest();
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...fields,
  }).toString();
}

conformance('createToken', 'gives a bearer token of one hour that then opens the API', async (api) => {
  const reply = await api.exchange('POST', '/oauth/token', credentials(), FORM);
  expect(reply).toMatchObject({
    status: 200,
    body: { token_type: 'bearer', jti: expect.any(String), scope: expect.any(String) },
  });
  const lifetime = Number((reply.body as { expires_in: number }).expires_in);
  expect(lifetime).toBeGreaterThan(3500);
  expect(lifetime).toBeLessThanOrEqual(3600);
  const token = textAt(reply.body, 'access_token');
  const list = await api.exchange('GET', '/v1/orders?pageSize=1', undefined, {
    authorization: `Bearer ${token}`,
  });
  expect(list.status).toBe(200);
});

conformance('createToken', 'gives every caller a token of its own', async (api) => {
  const first = await api.exchange('POST', '/oauth/token', credentials(), FORM);
  const second = await api.exchange('POST', '/oauth/token', credentials(), FORM);
  expect(textAt(first.body, 'access_token')).not.toBe(textAt(second.body, 'access_token'));
});

conformance('createToken', 'refuses a wrong secret and an unknown client alike with 401', async (api) => {
  const wrong = await api.exchange(
    'POST',
    '/oauth/token',
    credentials({ client_secret: 'not-the-secret' }),
    FORM,
  );
  const unknown = await api.exchange('POST', '/oauth/token', credentials({ client_id: 'nobody' }), FORM);
  expectRefusal(wrong, { status: 401, category: 11 });
  expectRefusal(unknown, { status: 401, category: 11 });
});

conformance('createToken', 'refuses another grant type and a missing field with 400', async (api) => {
  const password = await api.exchange('POST', '/oauth/token', credentials({ grant_type: 'password' }), FORM);
  expectRefusal(password, { status: 400, names: 'grant_type' });
  const noSecret = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x' }).toString();
  expectRefusal(await api.exchange('POST', '/oauth/token', noSecret, FORM), {
    status: 400,
    names: 'client_secret',
  });
});

conformance('GET_AllOrders', 'refuses a request without a token, and with a forged one', async (api) => {
  expectRefusal(await api.exchange('GET', '/v1/orders', undefined, {}), { status: 401, category: 11 });
  const forged = await api.exchange('GET', '/v1/orders', undefined, {
    authorization: 'Bearer 00000000000000000000000000000000',
  });
  expectRefusal(forged, { status: 401, category: 11 });
});

conformance(
  'Object_GETAccount',
  'answers 401 of the CRUD resources with a message and the schemes',
  async (api) => {
    const path = `/v1/object/account/${'0'.repeat(32)}`;
    const reply = await api.exchange('GET', path, undefined, {});
    expect(reply).toMatchObject({ status: 401, body: { message: expect.any(String) } });
    expect(reply.headers['www-authenticate']).toContain('Bearer');
  },
);
