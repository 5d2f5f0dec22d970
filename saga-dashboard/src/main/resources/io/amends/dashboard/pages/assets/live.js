// What the server tells by itself: counts and changed sagas, by an event stream; where that can't be, by asking every
// ten seconds. Nothing is asked while the tab is hidden.
import { configure, getIfChanged, see } from './api.js';

const POLL_MS = 10_000;
const STREAM_AGAIN_MS = 60_000;

const counts = new Set();
const ticks = new Set();
let sagas = new Map();
let states = new Set();
let stream = null;
let poller = null;
let again = null;
let state = 'starting';
let last = null;

function tell(next) {
  state = next;
  states.forEach((listener) => listener(next));
}

export function onState(listener) {
  states.add(listener);
  listener(state);
}

export function onCounts(listener, signal) {
  counts.add(listener);
  signal?.addEventListener('abort', () => counts.delete(listener));
}

function tellCounts(value) {
  last = value;
  counts.forEach((listener) => listener(value));
}

/** What was told last, null if nothing was. */
export const lastCounts = () => last;

/** Every ten seconds while somebody looks. */
export function onTick(listener, signal) {
  ticks.add(listener);
  signal?.addEventListener('abort', () => ticks.delete(listener));
}

/** When a saga's revision changes; without a stream, at every tick. */
export function onSaga(id, listener, signal) {
  sagas.set(id, listener);
  signal.addEventListener('abort', () => {
    sagas.delete(id);
    reopen();
  });
  reopen();
}

function reopen() {
  if (stream !== null) {
    close();
    open();
  }
}

function close() {
  stream?.close();
  stream = null;
  clearTimeout(again);
}

function open() {
  const ids = [...sagas.keys()].slice(0, 100).join(',');
  const opened = new EventSource('api/v1/events' + (ids ? '?sagas=' + encodeURIComponent(ids) : ''));
  stream = opened;
  opened.addEventListener('open', () => tell('live'));
  opened.addEventListener('counts', (event) => {
    tell('live');
    see();
    tellCounts(JSON.parse(event.data));
  });
  opened.addEventListener('saga', (event) => {
    see();
    const changed = JSON.parse(event.data);
    sagas.get(changed.id)?.(changed.revision);
  });
  opened.addEventListener('error', () => {
    if (stream !== opened) {
      return;
    }
    // The browser connects anew by itself, unless it was refused; then that is tried again later. Asking goes on meanwhile.
    if (opened.readyState === EventSource.CLOSED) {
      close();
      again = setTimeout(open, STREAM_AGAIN_MS);
    }
    state = 'starting';
    poll();
  });
}

async function poll() {
  try {
    const value = await getIfChanged('stuck/counts');
    if (state !== 'live' && state !== 'paused') {
      tell('polling');
    }
    if (value !== null) {
      tellCounts(value);
    }
  } catch (problem) {
    tell('away');
  }
}

function tick() {
  if (state !== 'live') {
    poll();
    sagas.forEach((listener) => listener(null));
  }
  ticks.forEach((listener) => listener());
}

function look() {
  if (document.hidden) {
    close();
    clearInterval(poller);
    poller = null;
    tell('paused');
  } else if (poller === null) {
    see();
    open();
    poll();
    // What is told next is told when it is time for it, and somebody looks now.
    sagas.forEach((listener) => listener(null));
    poller = setInterval(tick, POLL_MS);
  }
}

export function start() {
  document.addEventListener('visibilitychange', look);
  // So that the application's server need not wait for a page that is gone.
  addEventListener('pagehide', close);
  configure({ onOrder: poll });
  look();
}

export function stop() {
  close();
  clearInterval(poller);
  document.removeEventListener('visibilitychange', look);
}
