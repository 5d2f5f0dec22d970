// One run: how far it is, what came of each saga, and how to hold or end it.
import { h, code, link, nameTab, say } from '../dom.js';
import { asQuery, get } from '../api.js';
import { clock, count, plural, when, words } from '../format.js';
import { t } from '../i18n.js';
import { actionState, empty, growing, head, idLink, pairs, panel, table } from '../parts.js';
import { orderDialog } from '../verbs.js';
import { bar, bulkVerbs, done, runState, runVerb, tally } from '../run-parts.js';

export const title = (page) => (page.state.verb ? `Run: ${words(page.state.verb)}` : 'Run');

const STATES = ['PROGRESSED', 'ACCEPTED', 'FAILED_AGAIN', 'NO_EFFECT', 'CHANGED', 'REFUSED', 'THREW', 'OPEN'];
const VERBS = {
  start: ['Start', 'Takes the sagas that match now, and begins with the first stage.', ['PREVIEW'], false],
  pause: ['Pause', 'Orders nothing more until it is resumed. What was ordered goes on.', ['RUNNING'], false],
  resume: ['Resume', 'Goes on where it was held.', ['PAUSED', 'STOPPED'], false],
  cancel: ['Cancel', 'Ends it. What was ordered stays ordered; the rest stays undone.', ['PREVIEW', 'RUNNING', 'PAUSED', 'STOPPED'], true],
};

export async function draw(page) {
  const path = 'runs/' + encodeURIComponent(page.params.id);
  const state = STATES.includes(page.query.state) ? page.query.state : null;
  const run = await get(path, null, page.signal);
  page.state.verb = runVerb(run);
  nameTab(t(title(page)));
  const load = async (after) => {
    const answer = await get(path + '/items', { state, after, size: 100 }, page.signal);
    return { rows: answer.items, next: answer.next };
  };
  const first = run.state === 'PREVIEW' ? { rows: [], next: null } : await load(null);
  return h('div', null,
    head(`Run: ${words(runVerb(run))}`, runState(run.state)),
    panel(null, { 'aria-label': 'Progress', 'data-state': run.state },
      h('p', null, bar(run, true)),
      h('p', { 'data-tally': true }, h('b', null, `${count(done(run))} of ${plural(run.items, 'saga')}`), ' ordered: ', tally(run)),
      run.stateReason && h('p', { class: 'note bad' }, say(run.stateReason, 1000)),
      stages(run),
      verbs(page, path, run)),
    panel('About it', null, pairs([
      ['Of', link('sagas' + asQuery({ q: run.filter }), null, code(run.filter, 600))],
      ['Why', say(run.reason, 1000)],
      ['Planned by', h('span', null, say(run.askedBy), ' ', when(run.createdAt))],
      run.approvedBy && ['Started by', say(run.approvedBy)],
      run.startedAt && ['Started', h('span', null, clock(run.startedAt), ' UTC')],
      run.endedAt && ['Ended', h('span', null, clock(run.endedAt), ' UTC')],
      ['Carried out by', run.owner ? code(run.owner) : say(null)],
      ['Audit', link('audit' + asQuery({ run: run.id }), null, 'its lines')],
    ])),
    run.state !== 'PREVIEW' && panel('Sagas', null, filters(run, state), first.rows.length === 0
      ? empty('None.', 'No saga of the run is like that.')
      : growing(first, load, items, page)));
}

function stages(run) {
  const ramp = [...(run.ramp ?? []), 'all'];
  return h('p', { class: 'quiet' }, 'Stages: ', ramp.map((bound, i) => [i > 0 && ' → ', i === run.stage && run.state === 'RUNNING' ? h('b', null, bound, ' (now)') : String(bound)]));
}

function verbs(page, path, run) {
  if (page.me.readOnly || !(page.me.permissions ?? []).includes('BULK')) {
    return null;
  }
  return h('div', { class: 'verbs' }, Object.entries(VERBS).filter(([name, [, , states]]) => states.includes(run.state) && (name === 'pause' || name === 'cancel' || bulkVerbs(page.me).includes(runVerb(run)))).map(([name, [label, text, , grave]]) => h('button', {
    type: 'button', class: grave ? 'grave' : name === 'pause' ? null : 'primary', 'data-k': 'run-' + name, 'data-verb': name,
    onclick: () => orderDialog(page, {
      title: `${label} the run`, text, submit: name === 'cancel' ? 'End it' : label, grave, says: name !== 'start', path: `${path}/${name}`,
      fields: name === 'resume' && run.state === 'STOPPED' ? [
        h('label', { for: 'run-ratio' }, 'Stop again when more than this part fails'),
        h('input', { id: 'run-ratio', name: 'stopRatio', type: 'number', min: '0', max: '1', step: 'any', value: '0.5' })] : [],
      body: (values) => (values.stopRatio ? { ...values, stopRatio: Number(values.stopRatio) } : values),
    }),
  }, label)));
}

function filters(run, state) {
  const path = 'runs/' + encodeURIComponent(run.id);
  return h('p', { class: 'chips' }, link(path, { 'aria-current': state ? null : 'true' }, `all ${count(run.items)}`),
    STATES.filter((name) => (run.counts ?? {})[name] > 0).map((name) => link(path + asQuery({ state: name }), { class: state === name ? 'chip' : null, 'aria-current': state === name ? 'true' : null, 'data-k': 'state-' + name }, `${words(name)} ${count(run.counts[name])}`)));
}

function items(rows) {
  return table('In the run’s order', [
    ['No.', (item) => count(item.position), 'number'],
    ['Saga', (item) => idLink(item.sagaId)],
    ['What came of it', (item) => actionState(item.state)],
    ['More', (item) => say(item.detail, 400), 'wide'],
    ['Ordered (UTC)', (item) => clock(item.at), 'tight'],
  ], rows);
}

export function opened(page) {
  const timer = setInterval(() => {
    if (!document.hidden) {
      page.refresh();
    }
  }, 2000);
  page.signal.addEventListener('abort', () => clearInterval(timer));
}
