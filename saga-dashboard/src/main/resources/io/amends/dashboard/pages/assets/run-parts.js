// What pages about runs share.
import { t } from './i18n.js';
import { h, say } from './dom.js';
import { badge } from './parts.js';
import { count, words } from './format.js';

const TONES = { PREVIEW: 'medium', RUNNING: 'busy', PAUSED: 'medium', CANCELLED: undefined, DONE: 'good', STOPPED: 'critical' };
const TEXTS = { PREVIEW: 'planned' };

export const runState = (state) => badge(TEXTS[state] ?? words(state).toLowerCase(), TONES[state]);
export const runVerb = (run) => (typeof run.verb === 'object' ? run.verb.name : run.verb);

const OF_MANY = ['retry', 'pause', 'resume', 'extend-deadline', 'compensate', 'resume-from-step', 'skip', 'resolve', 'reopen', 'migrate'];

/** What somebody may order of many: what they may order of one. */
export const bulkVerbs = (me) => OF_MANY.filter((name) => (me.verbs ?? []).includes(name));

export function done(run) {
  const { OPEN = 0 } = run.counts ?? {};
  return (run.items ?? 0) - OPEN;
}

const ORDER = ['PROGRESSED', 'ACCEPTED', 'FAILED_AGAIN', 'NO_EFFECT', 'CHANGED', 'REFUSED', 'THREW', 'OPEN'];
const NAMES = { OPEN: 'to do', ACCEPTED: 'waited for', CHANGED: 'changed before' };

/** How many stand where, in words. */
export function tally(run) {
  const counts = run.counts ?? {};
  const parts = ORDER.filter((state) => counts[state] > 0).map((state) => `${count(counts[state])} ${t(NAMES[state] ?? words(state).toLowerCase())}`);
  return parts.length > 0 ? parts.join(', ') : say(null);
}

export function bar(run, big) {
  return h('progress', { class: big ? 'big' : null, max: Math.max(1, run.items ?? 0), value: done(run), 'aria-label': `${count(done(run))} of ${count(run.items)} ordered` });
}
