// A small client of the REST API for scripts: a token on first use, JSON in and out, every status is a reply.

/**
 * @param {{ baseUrl: string, clientId: string, clientSecret: string }} options
 * @returns get, post, put and delete, each resolving with `{ status, body }`
 */
export function createApiClient({ baseUrl, clientId, clientSecret }) {
  let token;

  async function fetchToken() {
    const response = await fetch(new URL('/oauth/token', baseUrl), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    const body = await response.json();
    if (response.status !== 200) throw new Error(`No token: status ${response.status}.`);
    return body.access_token;
  }

  async function call(method, path, body, headers = {}) {
    token ??= fetchToken();
    const sent = { authorization: `Bearer ${await token}`, ...headers };
    if (body !== undefined) sent['content-type'] = 'application/json';
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body, headers) => call('PUT', path, body, headers),
    delete: (path, headers) => call('DELETE', path, undefined, headers),
  };
}
