import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAquaRefusal } from '../../../src/domain/aqua/batch-query.ts';
import { noticeForm, notifyUrlOf } from '../../../src/domain/aqua/notify-url.ts';

// Shows which URLs are told of a job's end: names of the public internet over HTTPS, and nothing that could be a machine behind the service.

const notice = { jobId: '0123456789abcdef0123456789abcdef', status: 'completed' };

function outcome(template: string, allowLoopback = false): string {
  const url = notifyUrlOf(template, notice, { allowLoopback });
  return isAquaRefusal(url) ? `${url.errorCode} ${url.message}` : url.href;
}

describe('the URL that is told of the end of a job', () => {
  it.each([
    [
      `https://hooks.example.com/aqua?jobId=\${JOBID}&status=\${STATUS}`,
      'https://hooks.example.com/aqua?jobId=0123456789abcdef0123456789abcdef&status=completed',
    ],
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['https://hooks.example.com:443/a', 'https://hooks.example.com/a'],
    ['https://hooks.example.com:8443/a', 'https://hooks.example.com:8443/a'],
    [`HTTPS://Hooks.Example.COM/\${STATUS}/\${STATUS}`, 'https://hooks.example.com/completed/completed'],
    ['https://bücher.example/a', 'https://xn--bcher-kva.example/a'],
    ['https://internal.example.com/a', 'https://internal.example.com/a'],
  ])('%s is called', (template, called) => expect(outcome(template)).toBe(called));

  it.each([
    // Schemes.
    ['http://hooks.example.com/a', 'must begin with https://'],
    ['ftp://hooks.example.com/a', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['data:text/plain,a', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['gopher://hooks.example.com/', 'must begin with https://'],
    // No URL at all.
    ['hooks.example.com/a', 'must be a URL'],
    ['//hooks.example.com/a', 'must be a URL'],
    ['https://', 'must be a URL'],
    ['https://exa mple.com', 'must have no blanks'],
    ['https://example.com/a\r\nHost: b', 'must have no blanks'],
    ['https://example.com/\u0000', 'must have no blanks'],
    [' https://example.com/', 'must have no blanks'],
    // Whoever is named before the @ is not the host.
    ['https://user:secret@hooks.example.com/', 'must have no user name'],
    ['https://hooks.example.com@127.0.0.1/', 'must have no user name'],
    ['https://hooks.example.com:443@10.0.0.1/', 'must have no user name'],
    // Ports.
    ['https://hooks.example.com:22/', 'must use port 443 or 8443'],
    ['https://hooks.example.com:80/', 'must use port 443 or 8443'],
    ['https://hooks.example.com:6379/', 'must use port 443 or 8443'],
    // Addresses: loopback, private, link-local, metadata, shared, any, multicast, public.
    ['https://127.0.0.1/', 'must name a host, and not an address'],
    ['https://127.255.255.254/', 'must name a host, and not an address'],
    ['https://10.0.0.1/', 'must name a host, and not an address'],
    ['https://172.16.0.1/', 'must name a host, and not an address'],
    ['https://192.168.1.1/', 'must name a host, and not an address'],
    ['https://169.254.169.254/latest/meta-data/', 'must name a host, and not an address'],
    ['https://100.64.0.1/', 'must name a host, and not an address'],
    ['https://0.0.0.0/', 'must name a host, and not an address'],
    ['https://224.0.0.1/', 'must name a host, and not an address'],
    ['https://255.255.255.255/', 'must name a host, and not an address'],
    ['https://8.8.8.8/', 'must name a host, and not an address'],
    // The same in other notations: decimal, octal, hexadecimal, short, full-width digits, percent-encoded.
    ['https://2130706433/', 'must name a host, and not an address'],
    ['https://017700000001/', 'must name a host, and not an address'],
    ['https://0177.0.0.1/', 'must name a host, and not an address'],
    ['https://0x7f.0x0.0x0.0x1/', 'must name a host, and not an address'],
    ['https://0x7f000001/', 'must name a host, and not an address'],
    ['https://127.1/', 'must name a host, and not an address'],
    ['https://0/', 'must name a host, and not an address'],
    ['https://127.0.0.1./', 'must name a host, and not an address'],
    ['https://１２７.０.０.１/', 'must name a host, and not an address'],
    ['https://%31%32%37.0.0.1/', 'must name a host, and not an address'],
    ['https://127。0。0。1/', 'must name a host, and not an address'],
    // IPv6: loopback, unspecified, mapped, compatible, local, link-local, NAT64.
    ['https://[::1]/', 'must name a host, and not an address'],
    ['https://[::]/', 'must name a host, and not an address'],
    ['https://[::ffff:127.0.0.1]/', 'must name a host, and not an address'],
    ['https://[::ffff:a9fe:a9fe]/', 'must name a host, and not an address'],
    ['https://[::127.0.0.1]/', 'must name a host, and not an address'],
    ['https://[fc00::1]/', 'must name a host, and not an address'],
    ['https://[fe80::1]/', 'must name a host, and not an address'],
    ['https://[64:ff9b::7f00:1]/', 'must name a host, and not an address'],
    ['https://[2606:4700::1111]/', 'must name a host, and not an address'],
    // Names of one's own networks.
    ['https://localhost/', 'must name a host of the public internet, with its domain'],
    ['https://LOCALHOST./', 'must name a host of the public internet, with its domain'],
    ['https://metadata/', 'must name a host of the public internet, with its domain'],
    ['https://a.localhost/', 'must name a host of the public internet'],
    ['https://metadata.google.internal/', 'must name a host of the public internet'],
    ['https://metadata.google.internal./', 'must name a host of the public internet'],
    ['https://printer.local/', 'must name a host of the public internet'],
    ['https://db.corp/', 'must name a host of the public internet'],
    ['https://router.home.arpa/', 'must name a host of the public internet'],
    ['https://1.0.0.127.in-addr.arpa/', 'must name a host of the public internet'],
    ['https://ⓛocalhost/', 'must name a host of the public internet, with its domain'],
    // The placeholder is no way to another host.
    [`https://\${STATUS}/`, 'must name a host of the public internet, with its domain'],
  ])('%j is refused: it %s', (template, why) => {
    expect(outcome(template)).toContain(`90014 notifyUrl ${why}`);
  });

  it('has fewer than 5,000 characters', () => {
    const start = 'https://hooks.example.com/';
    expect(outcome(start + 'a'.repeat(4_999 - start.length))).toContain(start);
    expect(outcome(start + 'a'.repeat(5_000 - start.length))).toBe(
      '90014 notifyURL must be less than 5000 characters in length.',
    );
  });

  it.each([
    'http://127.0.0.1:8799/a',
    'http://localhost:8799/a',
    'http://[::1]:8799/a',
    'https://localhost/a',
  ])('%s is called where the machine itself may be', (template) => {
    expect(outcome(template, true)).toBe(template);
    expect(outcome(template)).toContain('90014');
  });

  it.each(['http://10.0.0.1/', 'http://hooks.example.com/', 'ftp://localhost/', 'http://a:b@localhost/'])(
    '%s is refused even there',
    (template) => expect(outcome(template, true)).toContain('90014'),
  );

  it('no number of 32 bits, however it is written, is a host', () => {
    const address = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
    const notation = fc.constantFrom(
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => [24, 16, 8, 0].map((bits) => (n >>> bits) & 255).join('.'),
      (n: number) => [24, 16, 8, 0].map((bits) => `0x${((n >>> bits) & 255).toString(16)}`).join('.'),
      (n: number) => [24, 16, 8, 0].map((bits) => `0${((n >>> bits) & 255).toString(8)}`).join('.'),
      (n: number) => `${n >>> 24}.${n & 0xff_ff_ff}`,
      (n: number) => `[::ffff:${(n >>> 16).toString(16)}:${(n & 0xff_ff).toString(16)}]`,
    );
    fc.assert(
      fc.property(address, notation, (n, write) => {
        expect(outcome(`https://${write(n)}/`)).toContain('must name a host, and not an address');
      }),
    );
  });

  it('a notice is a form, and what stands in it stays in its place', () => {
    expect(noticeForm(notice)).toBe('JOBID=0123456789abcdef0123456789abcdef&STATUS=completed');
    const odd = notifyUrlOf(
      `https://hooks.example.com/?s=\${STATUS}`,
      { jobId: 'a', status: 'b&c=d#e' },
      { allowLoopback: false },
    );
    expect(String(odd)).toBe('https://hooks.example.com/?s=b%26c%3Dd%23e');
  });
});
