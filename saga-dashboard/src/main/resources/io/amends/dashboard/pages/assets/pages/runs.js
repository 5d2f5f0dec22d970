// Orders to many sagas.
import { h, code, link, say } from '../dom.js';
import { get } from '../api.js';
import { count, when, words } from '../format.js';
import { empty, head, panel, table } from '../parts.js';
import { bar, done, runState, runVerb, tally } from '../run-parts.js';
import { onTick } from '../live.js';

export const title = () => 'Runs';

export async function draw(page) {
  const answer = await get('runs', null, page.signal);
  const runs = Array.isArray(answer) ? answer : answer.runs ?? [];
  const may = (page.me.permissions ?? []).includes('BULK') && !page.me.readOnly;
  return h('div', null,
    head('Runs', 'One order to many sagas, a few at a time', may && link('runs/new', { class: 'button' }, 'Plan a run …')),
    panel(null, { 'aria-label': 'List' }, runs.length === 0
      ? empty('There was no run yet.', 'Begin with a search, a failure group or the list of stuck sagas.')
      : table('The latest first', [
        ['Order', (run) => link('runs/' + encodeURIComponent(run.id), { 'data-row': true, 'data-k': 'run-' + run.id }, h('b', null, words(runVerb(run))))],
        ['State', (run) => runState(run.state)],
        ['Progress', (run) => h('span', null, bar(run), ` ${count(done(run))} of ${count(run.items)}`), 'tight'],
        ['So far', tally, 'wide'],
        ['Of', (run) => code(run.filter, 160)],
        ['By', (run) => h('span', null, say(run.askedBy), h('span', { class: 'two' }, say(run.reason, 120)))],
        ['Planned', (run) => when(run.createdAt), 'tight'],
      ], runs)));
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
