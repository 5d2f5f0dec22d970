// Failures that are the same but for ids and numbers, in one line each.
import { h, link, say } from '../dom.js';
import { asQuery, get } from '../api.js';
import { age, count, plural, when } from '../format.js';
import { empty, head, idLink, panel, queryForm, reason, table, trouble } from '../parts.js';
import { onCounts } from '../live.js';

export const title = () => 'Failure groups';

export async function draw(page) {
  const form = panel(null, null, queryForm(page, [['q', 'Only groups of', { type: 'search', placeholder: 'saga:money-transfer at:credit', spellcheck: 'false' }]], 'Groups'));
  let groups;
  try {
    ({ groups } = await get('groups', { q: page.query.q }, page.signal));
  } catch (problem) {
    if (problem.status !== 400) {
      throw problem;
    }
    return h('div', null, head('Failure groups'), form, trouble(problem));
  }
  const total = groups.reduce((sum, group) => sum + group.number, 0);
  const bulk = (page.me.permissions ?? []).includes('BULK') && !page.me.readOnly;
  return h('div', null,
    head('Failure groups', `${plural(total, 'stuck saga')} in ${plural(groups.length, 'group')}`),
    form,
    panel(null, { 'aria-label': 'Groups' }, groups.length === 0
      ? empty('No group.', page.query.q ? 'No stuck saga is like that.' : 'No saga is stuck.')
      : table('The largest first', [
        ['Sagas', (group) => link('sagas' + asQuery({ q: 'group:' + group.id }), { 'data-row': true, 'data-k': 'group-' + group.id, 'aria-label': `${count(group.number)} sagas of this group` }, h('b', null, count(group.number))), 'number'],
        ['Last hour', (group) => (group.lastHour > 0 ? `+${count(group.lastHour)}` : '0'), 'number'],
        ['Reason', (group) => reason(group.reason, group.severity)],
        ['At', (group) => h('span', null, say(group.step), h('span', { class: 'two' }, say(group.sagaName), ` v${(group.versions ?? []).join(', v')}`))],
        ['What it says', (group) => say(group.shape || null, 300), 'wide'],
        ['First', (group) => h('span', null, age(group.first), ' ago'), 'tight'],
        ['Last', (group) => when(group.last), 'tight'],
        ['Example', (group) => idLink(group.example)],
        ...(bulk ? [['', (group) => link('runs/new' + asQuery({ q: 'group:' + group.id }), { class: 'button', 'aria-label': `Order for the ${count(group.number)} sagas of this group` }, 'Order …')]] : []),
      ], groups)));
}

export function opened(page) {
  let before = null;
  onCounts((counts) => {
    if (before !== null && before !== counts.total && !page.query.q) {
      page.refresh();
    }
    before = counts.total;
  }, page.signal);
}
