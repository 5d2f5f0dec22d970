// The steps of a saga in two lanes: forward, and the compensations below, which run the other way.
import { h, say } from './dom.js';
import { age, clock, words } from './format.js';
import { table } from './parts.js';

const SIGNS = { NONE: '·', OPEN: '…', HELD: '‖', DONE: '✓', REJECTED: '✕', UNKNOWN: '?', FAILED: '!', SKIPPED: '↷' };
const FORWARD = {
  NONE: 'not begun', OPEN: 'under way', HELD: 'waits for its turn', DONE: 'done', REJECTED: 'rejected', UNKNOWN: 'given up: effect unknown',
  FAILED: 'could not be done', SKIPPED: 'skipped',
};
const BACKWARD = { NONE: 'not begun', OPEN: 'being undone', DONE: 'undone', FAILED: 'could not be undone', SKIPPED: 'not needed' };

/** What the server may have told already, else from the status. */
function forward(step) {
  if (step.forward) {
    return step.forward;
  }
  if (step.heldFor) {
    return 'HELD';
  }
  return { PENDING: 'NONE', SENT: 'OPEN', SUCCEEDED: 'DONE', REJECTED: 'REJECTED', UNKNOWN: 'UNKNOWN', SKIPPED: 'SKIPPED' }[step.status]
    ?? (step.outcome === 'SUCCESS' ? 'DONE' : 'UNKNOWN');
}

function backward(step) {
  return step.backward ?? { COMPENSATING: 'OPEN', COMPENSATED: 'DONE', COMPENSATION_FAILED: 'FAILED' }[step.status] ?? 'NONE';
}

/** Steps of one position run side by side; those of no known position follow one by one. */
function stages(steps) {
  const known = new Map();
  const rest = [];
  for (const step of steps) {
    if (step.position === null || step.position === undefined) {
      rest.push([step]);
    } else {
      known.set(step.position, [...(known.get(step.position) ?? []), step]);
    }
  }
  return [...[...known.entries()].sort(([a], [b]) => a - b).map(([, stage]) => stage), ...rest];
}

export function lanes(saga) {
  const all = stages(saga.steps ?? []);
  if (all.length === 0) {
    return h('p', { class: 'none' }, 'No step has begun, and no process has noted the definition.');
  }
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Graph of the steps' }, h('table', { class: 'lanes', role: 'table', vars: { '--rows': String(all.length + 1) } },
    h('caption', { class: 'unseen' }, 'Steps from left to right; compensations below run from right to left'),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, h('td', { role: 'cell' }), all.map((stage, i) => h('th', { scope: 'col', role: 'columnheader' }, String(i + 1), stage.length > 1 ? ', side by side' : '')))),
    h('tbody', { role: 'rowgroup' },
      h('tr', { class: 'forward', role: 'row' }, h('th', { scope: 'row', role: 'rowheader' }, 'Forward'), all.map((stage) => h('td', { role: 'cell' }, h('ul', null, stage.map(action))))),
      h('tr', { class: 'backward', role: 'row' }, h('th', { scope: 'row', role: 'rowheader' }, 'Compensation'), all.map((stage) => h('td', { role: 'cell' }, h('ul', null, stage.map(compensation))))))));
}

function action(step) {
  const mark = forward(step);
  const open = mark === 'OPEN' || mark === 'HELD' || mark === 'UNKNOWN';
  return h('li', { class: 'step', 'data-mark': mark, 'data-step': step.name },
    h('b', null, say(step.name, 80)),
    h('span', { class: 'mark', 'data-sign': SIGNS[mark] }, FORWARD[mark]),
    h('small', null, KINDS[step.action] ?? '', step.participant ? [' ', say(step.participant, 80)] : ''),
    open && attempts(step),
    open && step.error && h('small', null, say(step.error, 120)),
    step.heldFor && h('small', null, 'until ', say(step.heldFor, 80), ' takes commands', step.heldBy ? [', held by ', say(step.heldBy, 80)] : ''));
}

const KINDS = { COMMAND: 'asks', LOCAL: 'runs here', SIGNAL: 'waits for somebody', SUB_SAGA: 'starts a saga' };

function compensation(step) {
  const mark = backward(step);
  if (!step.compensation && mark === 'NONE') {
    return h('li', { class: 'nothing' }, 'nothing to undo');
  }
  return h('li', { class: 'step', 'data-mark': mark, 'data-step': step.name },
    h('span', { class: 'mark', 'data-sign': SIGNS[mark] }, BACKWARD[mark] ?? words(mark)),
    mark !== 'NONE' && h('small', null, KINDS[step.compensation] ?? '', step.participant ? [' ', say(step.participant, 80)] : ''),
    (mark === 'OPEN' || mark === 'FAILED') && attempts(step),
    (mark === 'OPEN' || mark === 'FAILED') && step.error && h('small', null, say(step.error, 120)));
}

function attempts(step) {
  return step.attempts > 0 && h('small', null, `attempt ${step.attempts}${step.allowed ? ` of ${step.allowed}` : ''}`);
}

export function stepTable(saga) {
  return table('Steps', [
    ['Step', (step) => say(step.name, 80)],
    ['Status', (step) => words(step.status)],
    ['Participant', (step) => say(step.participant, 80)],
    ['Attempts', (step) => `${step.attempts}${step.allowed ? ` of ${step.allowed}` : ''}`, 'number'],
    ['First sent (UTC)', (step) => clock(step.firstSentAt), 'tight'],
    ['Next by itself (UTC)', (step) => clock(step.dueAt), 'tight'],
    ['Expected by (UTC)', (step) => clock(step.slaAt), 'tight'],
    ['Changed', (step) => (step.changedAt ? h('span', null, age(step.changedAt), ' ago') : say(null)), 'tight'],
    ['Last error', (step) => say(step.error, 600), 'wide'],
  ], saga.steps ?? [], { hidden: true });
}
