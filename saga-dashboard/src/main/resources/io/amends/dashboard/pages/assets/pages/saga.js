// One saga: why it stands where it stands and what comes next, its steps, its history, its messages, and what can be done.
import { h, away, block, code, link, nameTab, say } from '../dom.js';
import { get } from '../api.js';
import { age, clock, plural, when, words } from '../format.js';
import { actionState, frames, head, idLink, panel, pairs, phase, place, reason, severityTone, table, trouble } from '../parts.js';
import { orderDialog, verbButtons } from '../verbs.js';
import { outcomeStrip } from '../outcome.js';
import { lanes, stepTable } from '../lanes.js';
import { t } from '../i18n.js';
import { timeline } from '../timeline.js';
import { consumersOf } from '../consumers.js';
import { ofWaiting } from '../contents.js';
import { onSaga } from '../live.js';

export const title = (page) => page.state.key ?? 'Saga';

export async function draw(page) {
  const saga = await get('sagas/' + encodeURIComponent(page.params.id), null, page.signal);
  page.state.key = saga.key;
  nameTab(saga.key);
  page.state.outcomes ??= h('div');
  const ordered = (verb, answer) => {
    const strip = outcomeStrip(verb, answer, page, () => strip.remove());
    page.state.outcomes.prepend(strip);
    page.refresh(true);
  };
  return h('div', null,
    head(say(saga.key, 200), [phase(saga.phase), ' ', say(saga.name, 120), ` version ${saga.version}`]),
    ids(saga),
    why(page, saga, ordered),
    page.state.outcomes,
    panel('Steps', null, lanes(saga), h('details', { 'data-k': 'steps' }, h('summary', null, 'Steps in detail'), stepTable(saga))),
    h('div', { class: 'columns' }, data(page, saga), attributes(saga)),
    panel('History', null, h('p', { class: 'quiet' }, 'In the order of the logical clock: what caused something stands before it, also where clocks of machines disagree.'), timeline(page, saga)),
    messages(page, saga),
    actions(saga));
}

export function opened(page) {
  onSaga(page.params.id, () => page.refreshSoon(), page.signal);
}

function ids(saga) {
  const copied = h('span', { role: 'status', class: 'quiet' });
  return h('p', { class: 'ids' },
    h('span', null, 'Id ', code(saga.sagaId), ' ', navigator.clipboard && h('button', { type: 'button', class: 'plain small', onclick: async () => {
      await navigator.clipboard.writeText(saga.sagaId);
      copied.textContent = t('copied');
    } }, 'copy'), copied),
    h('span', null, 'Started ', when(saga.createdAt)),
    h('span', null, 'Changed ', when(saga.updatedAt)),
    saga.deadlineAt && h('span', null, saga.overdue ? 'Deadline passed ' : 'Deadline ', when(saga.deadlineAt)),
    h('span', null, `Revision ${saga.revision}`),
    saga.parent && h('span', null, 'Started by ', idLink(saga.parent)),
    saga.children?.length > 0 && h('span', null, 'Started ', saga.children.map((id, i) => [i > 0 && ', ', idLink(id)])),
    saga.traceId && h('span', null, 'Trace ', saga.traceLink ? away(saga.traceLink, code(saga.traceId)) : code(saga.traceId)));
}

function why(page, saga, ordered) {
  const verdict = saga.verdict;
  const tone = verdict ? severityTone(verdict.severity) : /^COMP(LETED|ENSATED)$/.test(saga.phase) ? 'good' : null;
  return h('section', { class: 'panel why', 'data-tone': tone, 'aria-label': 'Why it stands where it stands' },
    verdict && h('p', { class: 'facts' }, reason(verdict.reason, verdict.severity), h('span', null, 'for ', h('b', null, age(verdict.since))),
      h('span', { class: 'quiet' }, 'since ', clock(verdict.since), ' UTC')),
    saga.pause && h('p', { class: 'facts' }, h('span', { class: 'badge', 'data-tone': 'medium' }, 'Paused'), say(saga.pause.reason, 300), saga.pause.until && [' until ', clock(saga.pause.until), ' UTC']),
    h('p', { class: 'sentence' }, say(saga.explanation, 4000)),
    frames(saga.frames),
    verdict?.action && h('p', { class: 'todo' }, h('b', null, 'What to do: '), say(verdict.action, 1000), ' ',
      verdict.runbook && away(verdict.runbook, 'Runbook')),
    verdict?.note && h('p', { class: 'todo' }, h('b', null, 'Your team says: '), /^https?:\/\//.test(verdict.note) ? away(verdict.note, code(verdict.note)) : say(verdict.note, 2000)),
    verdict?.reason === 'REPLY_OVERDUE' && consumersOf(page, saga),
    verbButtons(page, saga, ordered));
}

/** Masked data is read anew when the saga changed; unmasked data stays as it was read, since each look at it is noted. */
function data(page, saga) {
  const may = (page.me.permissions ?? []).includes('UNMASK') && !page.me.readOnly;
  const box = h('div');
  const note = h('span', { class: 'quiet' });
  const show = ({ text, unmasked }) => {
    note.textContent = t(unmasked ? `Unmasked, as of revision ${unmasked}.` : 'What may be personal or secret is masked.');
    box.replaceChildren(block(text, 'Data of the saga'));
  };
  const path = `sagas/${encodeURIComponent(saga.sagaId)}/data`;
  const load = async () => {
    try {
      const answer = await get(path, null, page.signal);
      page.state.data = { text: answer.data, revision: saga.revision, unmasked: null };
      show(page.state.data);
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        box.replaceChildren(trouble(problem));
      }
    }
  };
  const known = page.state.data;
  if (known) {
    show(known);
  }
  if (!known || (!known.unmasked && known.revision !== saga.revision)) {
    load();
  }
  return h('section', { class: 'panel' }, h('header', null, h('h2', null, 'Data'), note,
    may && h('button', { type: 'button', class: 'small', 'data-k': 'unmask', onclick: () => orderDialog(page, {
      title: 'Unmask the data', text: 'You see what may be personal or secret. The audit says who looked, when and why.', submit: 'Show it', path: path + '/unmask',
      done: (answer) => {
        page.state.data = { text: answer.data, revision: saga.revision, unmasked: saga.revision };
        return page.refresh(true);
      },
    }) }, 'Unmask …')), box);
}

function attributes(saga) {
  let values = saga.attributes ?? {};
  if (typeof values === 'string') {
    try {
      values = JSON.parse(values);
    } catch {
      values = { attributes: saga.attributes };
    }
  }
  const entries = Object.entries(values ?? {});
  return panel('Search attributes', null, entries.length === 0
    ? h('p', { class: 'none' }, 'None.')
    : pairs(entries.map(([name, value]) => [say(name, 80), say(typeof value === 'object' ? JSON.stringify(value) : value)])));
}

const PLACES = {
  PARKED: 'Parked: Kafka refuses it, or one before it', QUARANTINED: 'Set aside: it could not be read or understood',
  HANDLER_FAILED: 'Set aside: its handler threw at each attempt, and the saga was answered with an error',
  PROCESSING_FAILED: 'Set aside: the saga could not be stored with it', UNKNOWN_SAGA: 'Set aside: it came when its saga was not here',
  WAITS_FOR_VERSION: 'Waits for a process with the saga’s version', REDELIVERED: 'Delivered again until its handler takes it',
};

function messages(page, saga) {
  return panel('Messages that lie around', null, (saga.messages ?? []).length === 0
    ? h('p', { class: 'none' }, 'None: what was sent was published, what came was read.')
    : table('Messages', [
      ['Where', (message) => PLACES[message.type] ?? PLACES[message.where] ?? words(message.where)],
      ['Record', (message) => place(message.topic, message.partition, message.offset)],
      ['What', (message) => (message.where === 'QUARANTINED' ? words(message.type) : say(message.type))],
      ['For', (message) => age(message.since), 'tight'],
      ['Why', (message) => h('span', null, say(message.reason, 400), ofWaiting(page, saga, message)), 'wide'],
    ], saga.messages, { hidden: true }));
}

function actions(saga) {
  const lines = saga.actions ?? [];
  return panel('Orders about it', null, lines.length === 0
    ? h('p', { class: 'none' }, 'Nobody has ordered anything here.')
    : table(`The last ${plural(lines.length, 'order')}`, auditColumns(false), lines, { hidden: true }));
}

/** What an edit put in the place of what, read when somebody wants to see it. */
function edited(line, entry) {
  if (!/^(edit-and-retry|outbox-edit)$/.test(entry.verb) || line.state === 'REFUSED') {
    return null;
  }
  const box = h('div');
  return h('details', { 'data-k': 'edit-' + line.id, ontoggle: async (event) => {
    if (event.target.open && !box.hasChildNodes()) {
      try {
        const { before, after } = await get(`actions/${line.id}/edit`);
        box.replaceChildren(block(before, 'Before'), block(after, 'After'));
      } catch (problem) {
        box.replaceChildren(trouble(problem));
      }
    }
  } }, h('summary', null, 'Before and after'), box);
}

/** Where the saga stood when it was ordered and right after it, and at which revisions; once where both are the same. */
function moved({ seenRevision: seen, phaseBefore, phaseAfter, revisionBefore: from, revisionAfter: to }) {
  return [
    phaseBefore && h('span', { class: 'two' }, words(phaseBefore), phaseAfter && phaseAfter !== phaseBefore && [' → ', words(phaseAfter)]),
    h('span', { class: 'two' }, to == null || to === from ? `revision ${from ?? seen}` : `revision ${from} → ${to}`, from != null && from !== seen && `, ${seen} was seen`),
  ];
}

/** The columns of audit lines; the saga's own column only where lines are of many. */
export function auditColumns(withSaga) {
  return [
    ['At (UTC)', (line) => clock(line.at), 'tight'],
    ['Who', (line) => { const e = line.entry ?? line; return h('span', null, say(e.operator?.name ?? e.actor ?? e.operator), e.operator?.address && h('span', { class: 'two' }, 'from ', code(e.operator.address, 80)), e.approvedBy && h('span', { class: 'two' }, 'approved by ', say(e.approvedBy))); }],
    ['Order', (line) => { const e = line.entry ?? line; return h('span', null, h('b', null, words(e.verb)), e.arguments && e.arguments !== '{}' && h('span', { class: 'two' }, say(typeof e.arguments === 'object' ? JSON.stringify(e.arguments) : e.arguments, 200))); }],
    ...(withSaga ? [['Of', (line) => { const s = (line.entry ?? line).subject ?? line; return s.sagaId ? idLink(s.sagaId) : s.runId ? link('runs/' + encodeURIComponent(s.runId), { 'data-row': true }, 'run ', code(String(s.runId).slice(0, 13))) : say(s.filter); }]] : []),
    ['Why', (line) => say((line.entry ?? line).reason, 300), 'wide'],
    ['What came of it', (line) => { const e = line.entry ?? line; return h('span', null, actionState(line.state), e.explanation && h('span', { class: 'two' }, say(e.explanation, 300)), e.change && moved(e.change), edited(line, e)); }],
  ];
}
