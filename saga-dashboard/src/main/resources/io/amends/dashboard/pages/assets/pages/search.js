// Search by a filter that the address carries.
import { h, code, link, say } from '../dom.js';
import { asQuery, get } from '../api.js';
import { age, when } from '../format.js';
import { cutNote, empty, emptyCut, growing, head, panel, phase, queryForm, reason, sagaLink, table, trouble } from '../parts.js';
import * as views from '../views.js';

export const title = (page) => (page.query.q ? `Search: ${page.query.q.slice(0, 60)}` : 'Search');

const EXAMPLES = [
  ['phase:STUCK', 'everything that is stuck for good'],
  ['stuck:any', 'everything that the list of stuck sagas has'],
  ['phase:RUNNING older:1h', 'under way for more than an hour'],
  ['phase:COMPENSATING', 'turning back'],
  ['reason:REPLY_OVERDUE', 'waits for a reply that is overdue'],
  ['error:"timed out"', 'says this'],
  ['key:A-17', 'by business key; the bare word does too'],
  ['attr.customer:42', 'by a search attribute'],
  ['at:reserve-funds participant:bank-a', 'at that step of that participant'],
  ['node:shop-1', 'whose version that process has'],
  ['message:0198c5a0-1111-7000-8000-0123456789ab', 'by the id of a message'],
  ['created>2026-01-31', 'started since'],
];

export async function draw(page) {
  const { q } = page.query;
  const form = panel(null, null,
    queryForm(page, [['q', 'Filter', { type: 'search', size: '60', spellcheck: 'false', class: 'q' }]], 'Sagas'),
    h('details', { 'data-k': 'grammar', open: !q }, h('summary', null, 'What can be asked'),
      h('p', { class: 'quiet' }, 'All conditions have to hold; the same one twice means one of them. Values with spaces stand in double quotes.'),
      h('dl', { class: 'pairs' }, [...EXAMPLES, ...(page.me.tenants ?? []).slice(0, 1).map((name) => [`tenant:${JSON.stringify(name)}`, 'of that tenant'])].map(([text, about]) => [h('dt', null, link('sagas' + asQuery({ q: text }), null, h('code', null, text))), h('dd', null, about)]))));
  if (q === undefined) {
    return h('div', null, head('Search'), form, await views.list(page));
  }
  const load = async (after) => {
    const answer = await get('sagas', { q, after, size: 50 }, page.signal);
    return { rows: answer.sagas, next: answer.next, q: answer.q, isAll: answer.isAll };
  };
  let first;
  let saved;
  try {
    [first, saved] = await Promise.all([load(null), views.list(page)]);
  } catch (problem) {
    if (problem.status !== 400) {
      throw problem;
    }
    return h('div', null, head('Search'), form, trouble(problem));
  }
  const bulk = (page.me.permissions ?? []).includes('BULK') && !page.me.readOnly && first.rows.length > 0;
  return h('div', null,
    head('Search', first.q ? code(first.q) : null, bulk && link('runs/new' + asQuery({ q: first.q ?? q }), { class: 'button' }, 'Order for many …'), views.saving(page, first.q ?? q)),
    form,
    saved,
    cutNote(first.isAll),
    panel(null, { 'aria-label': 'Found' }, first.rows.length === 0
      ? first.isAll === false ? emptyCut() : empty('No saga is like that.', 'Sagas that ended long ago may have been removed.')
      : growing(first, load, list, page)));
}

function list(rows) {
  return table(`The latest first; ${rows.length} listed`, [
    ['Saga', (saga) => sagaLink(saga)],
    ['Phase', (saga) => phase(saga.phase)],
    ['Stuck because', (saga) => (saga.reason ? reason(saga.reason, saga.severity) : say(null))],
    ['What it says', (saga) => say(saga.text, 220), 'wide'],
    ['Started', (saga) => h('span', null, age(saga.createdAt), ' ago'), 'tight'],
    ['Changed', (saga) => when(saga.updatedAt), 'tight'],
  ], rows);
}
