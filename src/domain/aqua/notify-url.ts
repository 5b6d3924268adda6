import { type AquaRefusal, aquaLimits, refuseBatch } from './batch-query.ts';

/** What a job's end is told with: clients put these into their URL, and get them as a form too. */
export interface JobNotice {
  readonly jobId: string;
  readonly status: string;
}

const JOB_ID = `\${JOBID}`;
const STATUS = `\${STATUS}`;

/** 8443 is where much of what speaks HTTPS and is not a web server listens. Any other port would make the service a scanner of ports. */
const PORTS = new Set(['', '443', '8443']);

/**
 * Last labels of names that mean a machine or a network of one's own: RFC 6761, RFC 6762 (local), RFC 8375 (home.arpa), the one that ICANN keeps
 * for private use (internal), and those that are common in offices and homes. Public metadata services of clouds answer under
 * `internal`.
 */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'localdomain',
  'test',
  'invalid',
  'onion',
  'arpa',
];

/** After the parser has made 127.0.0.1 of 2130706433, 0x7f.1 and 0177.0.0.1. */
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Blanks and control characters: a URL parser drops some of them in silence. */
const NOT_PRINTED = /[^\u0021-\u007e\u00a1-\u{10ffff}]/u;

export interface NotifyUrlOptions {
  /** Plain HTTP to this very machine is allowed, for local tests. */
  readonly allowLoopback: boolean;
}

/**
 * The URL with the notice in it, or why nobody is told there: a service that fetches what others name must not be led to what only it can reach. Names
 * that resolve to a private address are not seen here (docs/decisions/013-notify-urls.md).
 */
export function notifyUrlOf(
  template: string,
  notice: JobNotice,
  { allowLoopback }: NotifyUrlOptions,
): URL | AquaRefusal {
  if (template.length >= aquaLimits.notifyUrlCharacters) return refuseBatch('90014');
  if (NOT_PRINTED.test(template)) return refused('must have no blanks and no control characters');
  const text = template
    .replaceAll(JOB_ID, encodeURIComponent(notice.jobId))
    .replaceAll(STATUS, encodeURIComponent(notice.status));
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused('must be a URL such as https://hooks.example.com/aqua');
  }
  const problem = problemOf(url, allowLoopback);
  return problem === null ? url : refused(problem);
}

function refused(message: string): AquaRefusal {
  return refuseBatch('90014', `notifyUrl ${message}.`);
}

function problemOf(url: URL, allowLoopback: boolean): string | null {
  if (url.username !== '' || url.password !== '') return 'must have no user name and no password';
  if (allowLoopback && LOOPBACK_HOSTS.has(url.hostname) && /^https?:$/.test(url.protocol)) return null;
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (!PORTS.has(url.port)) return 'must use port 443 or 8443';
  return hostProblem(url.hostname);
}

function hostProblem(hostname: string): string | null {
  // Certificates are for names; an address, public or not, in whatever notation, has no business here.
  if (hostname.startsWith('[') || IPV4.test(hostname)) return 'must name a host, and not an address';
  const name = hostname.replace(/\.+$/, '');
  if (!name.includes('.')) return 'must name a host of the public internet, with its domain';
  if (PRIVATE_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`))) {
    return 'must name a host of the public internet';
  }
  return null;
}

/** What is sent as the body, as a form. */
export function noticeForm({ jobId, status }: JobNotice): string {
  return new URLSearchParams({ JOBID: jobId, STATUS: status }).toString();
}
