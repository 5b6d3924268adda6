import { getPath } from 'hono/utils/url';
import { limits } from '../../env.ts';
import type { CallSource, LoggedBody, LoggedCall } from '../../persistence/api-log/logged-call.ts';
import { holdsPaymentMethod, withoutSecretParameters, withoutSecrets } from '../../wire/without-secrets.ts';

/** A call as it went by, with all that it said: in memory until it is made into what is kept. */
export interface PassedCall {
  readonly requestId: string;
  readonly trackId: string | undefined;
  readonly atMs: number;
  readonly ms: number;
  readonly clientId: string | undefined;
  readonly source: CallSource;
  readonly method: string;
  /** As it was sent, with its query. */
  readonly path: string;
  readonly status: number;
  readonly idempotencyKey: string | undefined;
  readonly isReplayed: boolean;
  readonly isFailed: boolean;
  /** undefined: none, or it was not read. */
  readonly requestText: string | undefined;
  readonly requestType: string | undefined;
  /** undefined: the reply is no text that was at hand, such as a file or a page. */
  readonly replyText: string | undefined;
}

/** Operations whose bodies hold secrets. */
const WITHOUT_BODIES =
  /^\/(?:oauth(?:\/|$)|v1\/spillway\/(?:users|api-clients|sessions?|sign-in|setup)(?:\/|$|\?))/;
const JSON_TYPE = /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i;
const ABOUT_PAYMENT_METHODS = /\/payment-?methods?(?:\/|$|\?)/i;
/** The end of a text may cut a number in two, which would then not be known for one. */
const OVERLAP_CHARACTERS = 64;

const ACCOUNT_IN_PATH = /\/accounts?\/([^/?]+)/;
const ACCOUNT_IN_QUERY = /[?&](?:account(?:Id|Key|Number)|account)=([^&]+)/gi;
/** Object Query: filter[]=accountid.EQ:… */
const ACCOUNT_IN_FILTER = /[?&]filter(?:\[\]|%5B%5D)=account(?:id|number)\.EQ(?::|%3A)([^&]+)/gi;
const ACCOUNT_IN_BODY =
  /"(?:(?:existing|destination|owner|invoiceOwner|subscriptionOwner|targetAccount)?[aA]ccount(?:Id|Key|Number)|parentId)"\s*:\s*"([^"\\]{1,100})"/g;
const ID_IN_REPLY = /"(?:accountId|AccountId)"\s*:\s*"([^"\\]{1,100})"/;
const NUMBER_IN_REPLY = /"(?:accountNumber|AccountNumber)"\s*:\s*"([^"\\]{1,100})"/;
/** Of an account itself, and of the reply to a new one among the older resources. */
const OWN_ID_IN_REPLY = /^\{(?:[^{}[\]]*"basicInfo"\s*:\s*\{)?[^{}[\]]*?"(?:id|Id)"\s*:\s*"([^"\\]{1,100})"/;
const ACCOUNT_PATH = /^\/v1\/(?:object\/account(?:\/|$|\?)|accounts\/[^/?]+(?:\/summary)?(?:$|\?))/;
const ACCOUNT_LENGTH_MAX = 100;

const ERROR_CODE = /"(?:code|Code|errorCode|FaultCode|faultCode)"\s*:\s*(?:"([\w:.-]{1,60})"|(\d{1,9}))/g;

/** The path that a call is routed by: without its query, and with what was escaped for nothing as what it is. */
export function routedPath(path: string): string {
  return getPath({ url: `https://host${path}` } as Request);
}

/** What is kept of a call. The work is bounded by limits, not by what was sent. */
export function toLoggedCall(call: PassedCall): LoggedCall {
  const isSecret = WITHOUT_BODIES.test(routedPath(call.path));
  return {
    requestId: call.requestId,
    trackId: call.trackId ?? null,
    atMs: call.atMs,
    ms: call.ms,
    clientId: call.clientId ?? null,
    source: call.source,
    method: call.method,
    path: withoutSecretParameters(call.path.slice(0, limits.apiLogPathCharactersMax)),
    status: call.status,
    idempotencyKey: call.idempotencyKey ?? null,
    isReplayed: call.isReplayed,
    isFailed: call.isFailed,
    accounts: isSecret ? [] : accountsOf(call),
    errorCodes: call.isFailed ? errorCodesOf(call.replyText ?? '') : [],
    request: bodyOf(call, call.requestText, isSecret, isJson(call)),
    reply: bodyOf(call, call.replyText, isSecret, true),
  };
}

function isJson({ requestType, path }: PassedCall): boolean {
  // AQuA and others take JSON by any name; a form has a file in it.
  return requestType === undefined || JSON_TYPE.test(requestType) || !path.startsWith('/v1/');
}

function bodyOf(
  { path }: PassedCall,
  text: string | undefined,
  isSecret: boolean,
  isText: boolean,
): LoggedBody | null {
  if (text === undefined || text === '') return null;
  const characters = text.length;
  if (isSecret) return { text: null, characters: null, leftOut: 'operation' };
  if (!isText) return { text: null, characters, leftOut: 'notJson' };
  const isAboutPaymentMethods = ABOUT_PAYMENT_METHODS.test(routedPath(path));
  const shown = withoutSecrets(text.slice(0, limits.apiLogBodyCharactersMax + OVERLAP_CHARACTERS), {
    isAboutPaymentMethods,
  });
  if (shown === null) return { text: null, characters, leftOut: 'secret' };
  return { text: wellFormed(shown.slice(0, limits.apiLogBodyCharactersMax)), characters, leftOut: null };
}

/** A cut may go through a character of two halves, which no store takes. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}

/** Accounts that a call is found by: those that its path, query and body name, and the one that its reply is about by id and by number. */
function accountsOf(call: PassedCall): string[] {
  const found = new Set<string>();
  const add = (value: string | undefined) => {
    if (value === undefined || value === '' || value.length > ACCOUNT_LENGTH_MAX) return;
    if (found.size < limits.apiLogAccountsMax) found.add(value);
  };
  const inPath = ACCOUNT_IN_PATH.exec(call.path)?.[1];
  add(decoded(inPath));
  for (const pattern of [ACCOUNT_IN_QUERY, ACCOUNT_IN_FILTER]) {
    for (const [, value] of call.path.matchAll(pattern)) add(decoded(value));
  }
  const reply = call.replyText?.slice(0, limits.apiLogBodyCharactersMax) ?? '';
  // A list of anyone's objects is not about the account of the first of them.
  if (call.method !== 'GET' || found.size > 0) {
    if (ACCOUNT_PATH.test(call.path)) add(OWN_ID_IN_REPLY.exec(reply)?.[1]);
    add(ID_IN_REPLY.exec(reply)?.[1]);
    if (!ABOUT_PAYMENT_METHODS.test(routedPath(call.path))) add(NUMBER_IN_REPLY.exec(reply)?.[1]);
  }
  const body = call.requestText?.slice(0, limits.apiLogLookedThroughCharactersMax) ?? '';
  const isAboutPaymentMethods = ABOUT_PAYMENT_METHODS.test(routedPath(call.path)) || holdsPaymentMethod(body);
  for (const [all, value] of body.matchAll(ACCOUNT_IN_BODY)) {
    if (!(isAboutPaymentMethods && /^"accountNumber/i.test(all))) add(value);
    if (found.size === limits.apiLogAccountsMax) break;
  }
  return [...found];
}

function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value;
  }
}

function errorCodesOf(reply: string): string[] {
  const codes = new Set<string>();
  for (const [, word, number] of reply.slice(0, limits.apiLogBodyCharactersMax).matchAll(ERROR_CODE)) {
    codes.add(word ?? number!);
    if (codes.size === limits.apiLogErrorCodesMax) break;
  }
  return [...codes];
}
