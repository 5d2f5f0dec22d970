// Talks to the REST API. Says truthfully what went wrong; a session that has ended leads to the login and back.
import { cookie } from './cookies.js';
import { serverTime } from './format.js';
import { tongue } from './i18n.js';

const PATIENCE_MS = 20_000;
let csrf = null;
let onSessionEnd = () => {};
let onOrder = () => {};
let newerThan = performance.now();
const etags = new Map();

/** What the server, or the way to it, says is wrong. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body.code ?? null;
    this.title = body.title ?? `The server answered ${status}`;
  }
}

export function configure(settings) {
  csrf = settings.csrf ?? csrf;
  onSessionEnd = settings.onSessionEnd ?? onSessionEnd;
  onOrder = settings.onOrder ?? onOrder;
}

/**
 * From now on nothing will do that was read earlier than so long ago: what was ordered or told since then must be seen. What was
 * read later does, also if the server has read it for somebody else's page.
 */
export function see(agoMs = 0) {
  newerThan = Math.max(newerThan, performance.now() - agoMs);
}

/** What a page reads; `null` values are left out of the query. */
export function get(path, query, signal) {
  return call('GET', path + asQuery(query), { signal });
}

/** The same, or null if it is what was read here before. */
export async function getIfChanged(path) {
  const known = etags.get(path);
  return call('GET', path, { headers: known ? { 'If-None-Match': known } : {}, remember: true });
}

/**
 * Orders something. The key makes a repeat of the same order harmless; the revision is what the operator saw. With `asks`
 * nothing is changed by it.
 */
export function post(path, body, { revision, key, signal, asks = false } = {}) {
  const headers = { 'Content-Type': 'application/json' };
  if (revision !== undefined && revision !== null) {
    headers['If-Match'] = `"${revision}"`;
  }
  if (key) {
    headers['Idempotency-Key'] = key;
  }
  const token = cookie('XSRF-TOKEN') ?? csrf?.token;
  if (token) {
    headers[csrf?.header ?? 'X-XSRF-TOKEN'] = token;
  }
  return call('POST', path, { headers, body: JSON.stringify(body ?? {}), signal, asks });
}

export function asQuery(query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') {
      search.set(name, value);
    }
  }
  const text = search.toString();
  return text ? '?' + text : '';
}

async function call(method, path, { headers = {}, body, signal, remember = false, asks = method === 'GET' }) {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  let answer;
  try {
    answer = await fetch('api/v1/' + path, {
      method,
      body,
      headers: {
        Accept: 'application/json', 'Accept-Language': tongue(), 'X-Requested-With': 'XMLHttpRequest',
        ...(method === 'GET' ? maxAge() : {}), ...headers,
      },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      // A host that answers with its own login page means the same as 401.
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'same-origin',
    });
  } catch (thrown) {
    if (!asks) {
      see();
    }
    if (signal?.aborted) {
      throw thrown;
    }
    throw new Problem(0, {
      title: 'The application does not answer',
      code: 'UNREACHABLE',
      detail: asks
        ? 'No answer came within 20 seconds, or the network is away. The page tries again by itself.'
        : 'No answer came, so that it is not known whether the order arrived. Order it again here, without a change: it is carried out once only.',
    });
  }
  serverTime(answer.headers.get('Date'));
  if (answer.type === 'opaqueredirect' || answer.status === 401) {
    onSessionEnd(method);
    throw new Problem(401, {
      title: 'Your session has ended',
      code: 'SESSION_ENDED',
      detail: asks ? 'Log in again.' : 'Nothing was done. Log in again, then repeat the order.',
    });
  }
  if (!asks) {
    see();
    onOrder();
  }
  if (answer.status === 304) {
    return null;
  }
  return answer.ok ? read(answer, path, remember) : Promise.reject(new Problem(answer.status, await said(answer)));
}

/** How old an answer may be, in whole seconds; rounded to what is newer. */
const maxAge = () => ({ 'Cache-Control': `max-age=${Math.max(0, Math.floor((performance.now() - newerThan) / 1000))}` });

/** How many seconds ago an answer was read, if that was for somebody else's page. */
const ageOf = (answer) => Number(answer.headers.get('Age') ?? 0);

async function read(answer, path, remember) {
  if (remember && answer.headers.has('ETag')) {
    etags.set(path, answer.headers.get('ETag'));
    see(1000 * ageOf(answer));
  }
  const text = await answer.text();
  const value = text ? JSON.parse(text) : {};
  Object.defineProperty(value, 'httpStatus', { value: answer.status });
  Object.defineProperty(value, 'ageMs', { value: 1000 * ageOf(answer) });
  return value;
}

async function said(answer) {
  const type = answer.headers.get('Content-Type') ?? '';
  if (type.includes('json')) {
    return (await answer.json().catch(() => null)) ?? {};
  }
  return answer.status === 403 ? { title: 'Not allowed', detail: 'Your role does not allow that here.' } : {};
}

/**
 * Orders under keys: a repeat of the same order has the same key, so that it is carried out once; another order, or one after
 * the server said no, has another one.
 */
export function keys() {
  let key = freshKey();
  let before = null;
  return async (path, body, revision) => {
    const text = JSON.stringify([path, body]);
    if (before !== null && before !== text) {
      key = freshKey();
    }
    before = text;
    try {
      return await post(path, body, { revision, key });
    } catch (problem) {
      if (problem.status >= 400) {
        key = freshKey();
      }
      throw problem;
    }
  };
}

/** A key that nobody else has; works without TLS too, where randomUUID is missing. */
function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
