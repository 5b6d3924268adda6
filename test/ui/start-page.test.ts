import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

// The start page in a real browser: it says how the server is, works at any width in light and dark, and asks nobody else for anything.

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];
const { url } = inject('server');
/** A folder for pictures of the page, when somebody wants to look at it. */
const screenshots = process.env.SCREENSHOTS;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  });
});
afterAll(() => browser.close());

interface Seen {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requested: readonly string[];
}

/** The page after the server's first answer, and all that the browser said and asked for meanwhile. */
async function open(width: number, colorScheme: 'light' | 'dark', path = '/'): Promise<Seen> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const complaints: string[] = [];
  const requested: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(`${url}${path}`);
  await page.locator('#status[data-state="ready"]').waitFor();
  return { page, complaints, requested };
}

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each([360, 1600])(
    'at %i pixels it shows the state, without a complaint or a sideways scroll',
    async (width) => {
      const { page, complaints, requested } = await open(width, colorScheme);
      const health = (await (await fetch(`${url}/v1/spillway/health`)).json()) as Record<string, string>;
      expect(await page.locator('#status').textContent()).toBe('ready');
      expect(await page.locator('#version').textContent()).toBe(health.version);
      expect(await page.locator('#migration').textContent()).toBe(health.migration);
      expect(await page.locator('#token').textContent()).toContain(`${url}/oauth/token`);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await page.evaluate(CONTRAST_MIN)).toBeGreaterThanOrEqual(4.5);
      expect(requested.filter((address) => !address.startsWith(`${url}/`))).toEqual([]);
      expect(complaints).toEqual([]);
      if (screenshots)
        await page.screenshot({ path: `${screenshots}/start-${colorScheme}-${width}.png`, fullPage: true });
      await page.close();
    },
  );
});

/** The lowest contrast between a text and the ground that it stands on (WCAG 2: relative luminance). */
const CONTRAST_MIN = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 && element.parentElement ? ground(element.parentElement) : color;
  };
  const texts = [...document.querySelectorAll('h1, h2, p, dt, dd, code')];
  return Math.min(...texts.map((element) => {
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }));
})()`;

describe('pages', () => {
  test.each(['/', '/index.html', '/start.css', '/start.js', '/robots.txt', '/favicon.svg'])(
    '%s comes with a policy that keeps foreign and inline code out',
    async (path) => {
      const reply = await fetch(`${url}${path}`);
      expect(reply.status).toBe(200);
      const policy = reply.headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe-inline');
      expect(reply.headers.get('X-Content-Type-Options')).toBe('nosniff');
    },
  );

  test('robots are asked to stay away, and what is no page is answered in the envelope', async () => {
    expect(await (await fetch(`${url}/robots.txt`)).text()).toContain('Disallow: /');
    const missing = await fetch(`${url}/nothing.html`);
    expect([missing.status, await missing.json()]).toMatchObject([404, { success: false }]);
    const posted = await fetch(`${url}/`, { method: 'POST', body: 'x' });
    expect([posted.status, await posted.json()]).toMatchObject([404, { success: false }]);
  });

  test('say so when the server no longer answers', async () => {
    const { page } = await open(800, 'light');
    await page.route('**/v1/spillway/health', (route) => route.abort());
    await page.evaluate('refresh()');
    expect(await page.locator('#status[data-state="failing"]').textContent()).toBe('no answer');
    await page.close();
  });
});
