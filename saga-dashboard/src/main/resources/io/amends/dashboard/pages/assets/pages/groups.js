// Failures that are the same but for ids and numbers, in one line each.
import { brief, h, link, part, say, svg } from '../dom.js';
import { asQuery, get } from '../api.js';
import { age, count, least, plural, utc, when } from '../format.js';
import { badge, cutNote, empty, emptyCut, frames, head, idLink, panel, queryForm, reason, table, trouble } from '../parts.js';
import { orderDialog, timeField } from '../verbs.js';
import { lastCounts, onCounts } from '../live.js';

export const title = () => 'Failure groups';

export async function draw(page) {
  page.state.before = lastCounts()?.total;
  const form = panel(null, null, queryForm(page, [['q', 'Only groups of', { type: 'search', placeholder: 'saga:money-transfer at:credit', spellcheck: 'false' }]], 'Groups'));
  let groups;
  let isAll;
  let isMore;
  try {
    ({ groups, isAll, isMore } = await get('groups', { q: page.query.q }, page.signal));
  } catch (problem) {
    if (problem.status !== 400) {
      throw problem;
    }
    return h('div', null, head('Failure groups'), form, trouble(problem));
  }
  const total = groups.reduce((sum, group) => sum + group.number, 0);
  return h('div', null,
    head('Failure groups', `${least(isAll !== false && !isMore)}${plural(total, 'stuck saga')} in ${least(isAll !== false && !isMore)}${plural(groups.length, 'group')}`),
    form,
    cutNote(isAll),
    isMore && h('p', { class: 'note' }, 'There are more groups than are listed here, none of them larger. A filter finds them.'),
    panel(null, { 'aria-label': 'Groups' }, groups.length === 0
      ? isAll === false ? emptyCut() : empty('No group.', page.query.q ? 'No stuck saga is like that.' : 'No saga is stuck.')
      : table('The largest first', [
        ['Sagas', (group) => link('sagas' + asQuery({ q: 'group:' + group.id }), { 'data-row': true, 'data-k': 'group-' + group.id, 'aria-label': `${count(group.number)} sagas of this group` }, h('b', null, count(group.number))), 'number'],
        ['Trend', trend, 'tight'],
        ['Reason', (group) => reason(group.reason, group.severity)],
        ['At', (group) => h('span', null, say(group.step), h('span', { class: 'two' }, say(group.sagaName), ` v${(group.versions ?? []).join(', v')}`))],
        ['What it says, and what is known', (group) => [say(group.shape || null, 300), frames(group.frames), known(group)], 'wide'],
        ['First and last', (group) => h('span', null, age(group.first), ' ago', h('span', { class: 'two' }, 'last ', when(group.last)), h('span', { class: 'two' }, 'such as ', idLink(group.example))), 'tight'],
        ...orders(page),
      ], groups)));
}

/** How many got stuck, hour by hour. */
function trend(group) {
  const hours = group.hours ?? [];
  const most = Math.max(1, ...hours);
  return h('span', null,
    svg('svg', { class: 'trend', viewBox: `0 0 ${Math.max(1, hours.length) * 6} 20`, role: 'img', 'aria-label': `Got stuck in each of the last ${hours.length} hours, the latest last: ${hours.join(', ')}` },
      hours.map((number, i) => svg('rect', { x: i * 6, width: 5, y: 20 - bar(number, most), height: bar(number, most), class: number > 0 ? null : 'nothing' }))),
    h('span', { class: 'two' }, `+${count(group.lastHour)} in the last hour`));
}

const bar = (number, most) => (number > 0 ? Math.max(3, Math.round((20 * number) / most)) : 1);

/** What operators wrote down about it. */
function known(group) {
  const { note } = group;
  if (!note || !(note.text || note.owner || note.mutedUntil)) {
    return null;
  }
  return h('div', null,
    note.mutedUntil && h('span', { title: `No alerts until ${utc(note.mutedUntil)} UTC` }, badge(`Muted until ${utc(note.mutedUntil).slice(0, 16)}`, 'medium'), ' '),
    note.owner && h('b', null, say(note.owner, 100)),
    note.text && h('div', null, say(note.text, 400)),
    h('span', { class: 'two' }, 'by ', say(note.changedBy, 60), ', ', when(note.changedAt)));
}

function orders(page) {
  const may = (permission) => (page.me.permissions ?? []).includes(permission) && !page.me.readOnly;
  const notes = may('OPERATE') && page.me.features?.all !== false;
  if (!notes && !may('BULK')) {
    return [];
  }
  return [['', (group) => h('span', { class: 'fields' },
    notes && h('button', { type: 'button', 'data-k': 'note-' + group.id, 'aria-label': `Note for the ${count(group.number)} sagas of this group`, onclick: () => write(page, group) }, 'Note …'),
    may('BULK') && link('runs/new' + asQuery({ q: 'group:' + group.id }), { class: 'button', 'aria-label': `Order for the ${count(group.number)} sagas of this group` }, 'Order …'))]];
}

function write(page, group) {
  const note = group.note ?? {};
  orderDialog(page, {
    title: `Note: ${brief(group.step ?? group.sagaName)}`,
    text: 'What is known of this failure, for everybody who looks. It takes the place of what is there; what is empty is cleared.',
    submit: 'Write it down',
    path: `groups/${part(group.id)}/note`,
    revision: note.revision ?? 0,
    fields: [
      h('label', { for: 'note-text' }, 'Note'),
      h('textarea', { id: 'note-text', name: 'note', maxlength: '2000' }, document.createTextNode((note.text ?? '').slice(0, 2000))),
      h('label', { for: 'note-owner' }, 'Owner'),
      h('input', { id: 'note-owner', name: 'owner', maxlength: '100', autocomplete: 'off', value: (note.owner ?? '').slice(0, 100) }),
      timeField('mutedUntil', 'No alerts until (empty: alerts as always; at most 30 days)', note.mutedUntil, false),
    ],
    body: ({ mutedUntil, ...rest }) => ({ ...rest, mutedUntil: mutedUntil ? new Date(mutedUntil).toISOString() : null }),
  });
}

export function opened(page) {
  // What was told before the groups were asked for; a page that was told nothing yet is told at once.
  let { before } = page.state;
  onCounts((counts) => {
    if (before !== undefined && before !== counts.total && !page.query.q) {
      page.refreshSoon();
    }
    before = counts.total;
  }, page.signal);
}
