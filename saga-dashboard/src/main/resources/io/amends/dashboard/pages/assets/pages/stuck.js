// The inbox: what is stuck, counted and listed, those first that are stuck longest.
import { brief, h, link, say } from '../dom.js';
import { asQuery, get } from '../api.js';
import { age, ageBucket, count, plural, utc, words, clock, now } from '../format.js';
import { cutNote, empty, emptyCut, growing, head, panel, reason, sagaLink, severityTone, table } from '../parts.js';
import { t, tongue } from '../i18n.js';
import { onCounts } from '../live.js';

const FILTERS = ['reason', 'saga', 'version', 'age'];

export const title = () => 'Stuck sagas';

export async function draw(page) {
  const filter = Object.fromEntries(FILTERS.map((name) => [name, page.query[name]]).filter(([, value]) => value));
  const load = async (after) => {
    const answer = await get('stuck', { ...filter, after, size: 50 }, page.signal);
    return { rows: answer.sagas, next: answer.next };
  };
  const [counts, first] = await Promise.all([get('stuck/counts', null, page.signal), load(null)]);
  const about = counts.reasons ?? {};
  page.state.figure = figure(counts);
  return h('div', null,
    head('Stuck sagas', `as of ${new Date(now() - counts.ageMs).toISOString().slice(11, 19)} UTC`, bulkLink(page, filter, counts.total)),
    tiles(counts, first.rows),
    counts.total > 0 && facets(counts, about, filter),
    besides(counts),
    cutNote(counts.isAll),
    panel(null, { 'aria-label': 'List' }, chips(filter), first.rows.length === 0
      ? counts.total === 0 && counts.isAll === false
        ? emptyCut()
        : counts.total === 0
        ? empty('No saga is stuck.', 'Everything that is under way goes on by itself. This list fills by itself.')
        : empty('None of the stuck sagas is like that.', link('stuck', null, 'See all of them'))
      : growing(first, load, (rows) => list(rows, about), page)));
}

/** By which two counts are told apart, in whatever order their reasons stand. */
const figure = (counts) => JSON.stringify([counts.total, Object.entries(counts.byReason ?? {}).sort()]);

export function opened(page) {
  let before = page.state.figure;
  onCounts((counts) => {
    const told = figure(counts);
    if (told !== before) {
      page.announce(`${plural(counts.total, 'saga is', 'sagas are')} stuck.`);
      page.refreshSoon();
    }
    before = told;
  }, page.signal);
}

function tiles(counts, rows) {
  const worst = Object.entries(counts.byReason ?? {}).filter(([name]) => counts.reasons?.[name]?.severity === 'CRITICAL')
    .reduce((sum, [, number]) => sum + number, 0);
  const least = counts.isAll === false ? '≥ ' : '';
  const money = counts.money;
  return h('dl', { class: 'tiles' },
    tile('Stuck', least + count(counts.total), counts.total === 0 ? 'good' : null),
    tile('Critical', count(worst), worst > 0 ? 'critical' : null),
    tile('Longest', counts.oldest ? age(counts.oldest) : '–'),
    money != null && (money.amounts.length > 0 || money.unread > 0) && tile('Money at risk', amounts(money)),
    money == null && rows.some((saga) => saga.money != null)
      && tile('Money at risk', h('small', null, 'can’t be told now')));
}

const tile = (name, value, tone) => h('div', { class: 'tile', 'data-tone': tone }, h('dt', null, name), h('dd', null, value));

/** The amounts in the currencies of most sagas, as the server added them. */
function amounts(money) {
  const least = money.isAll ? '' : '≥ ';
  const shown = money.amounts.slice(0, 3);
  const rest = money.currencies - shown.length;
  return h('span', null, shown.map(({ currency, amount }, i) => [i > 0 && h('br'), least, decimal(amount), currency && h('small', null, ' ', say(currency, 12))]),
    rest > 0 && h('small', null, ' ', plural(rest, 'more currency', 'more currencies')),
    money.unread > 0 && h('small', null, ' ', plural(money.unread, 'amount is no number', 'amounts are no numbers')));
}

/** A decimal number that may have more digits than a number of the browser has; written as it came where it has more than can be written otherwise. */
function decimal(text) {
  if (!/^-?\d{1,100}(\.\d{1,100})?$/.test(text)) {
    return say(text, 120);
  }
  const digits = (text.split('.')[1] ?? '').length;
  const format = { minimumFractionDigits: digits && Math.max(digits, 2), maximumFractionDigits: digits && Math.max(digits, 2) };
  return new Intl.NumberFormat(tongue(), format).format(text);
}

function facets(counts, about, filter) {
  const most = Math.max(1, ...Object.values(counts.byReason));
  return panel(null, { 'aria-label': 'Counts' }, h('div', { class: 'facets' },
    facet('By reason', 'reasons', counts.byReason, 'reason', filter, (name) => words(name), (name) => severityTone(about[name]?.severity), most),
    facet('By definition', null, counts.byDefinition, 'saga', filter, brief, () => null, Math.max(1, ...Object.values(counts.byDefinition ?? {}))),
    facet('By age', null, counts.byAge, 'age', filter, ageBucket, () => null, Math.max(1, ...Object.values(counts.byAge ?? {})))));
}

function facet(heading, style, numbers, name, filter, text, tone, most) {
  return h('section', null, h('h3', null, heading), h('ul', { class: style }, Object.entries(numbers ?? {}).map(([value, number]) => {
    const isOn = filter[name] === value;
    const { [name]: gone, ...rest } = filter;
    return h('li', null, link('stuck' + asQuery(isOn ? rest : { ...filter, [name]: value }), {
      class: 'facet', 'data-tone': tone(value), 'aria-current': isOn ? 'true' : null, 'data-k': `${name}-${value}`,
      vars: { '--part': `${Math.max(2, Math.round((100 * number) / most))}%` },
    }, h('span', null, text(value)), h('b', null, count(number))));
  })));
}

function chips(filter) {
  const entries = Object.entries(filter);
  return entries.length > 0 && h('p', { class: 'chips' }, 'Only ', entries.map(([name, value]) => {
    const { [name]: gone, ...rest } = filter;
    return link('stuck' + asQuery(rest), { class: 'chip' }, name === 'age' ? ageBucket(value) : name === 'reason' ? words(value) : `${name} ${brief(value)}`,
      h('span', { 'aria-hidden': 'true' }, '✕'), h('span', { class: 'unseen' }, '(remove)'));
  }), link('stuck', null, 'all'));
}

/** What is amiss without being a saga. */
function besides(counts) {
  const messages = Object.entries(counts.messages ?? {}).filter(([, number]) => number > 0);
  const notes = messages.map(([name, number]) => link('messages', null, `${words(name)}: ${count(number)}`));
  if (counts.inDoubt > 0) {
    notes.push(link('in-doubt', null, `${plural(counts.inDoubt, 'branch', 'branches')} in doubt`));
  }
  return notes.length > 0 && h('div', { class: 'note' }, h('p', null, 'Besides: ', notes.map((note, i) => [i > 0 && ' · ', note])));
}

function list(rows, about) {
  const hasMoney = rows.some((saga) => saga.money !== null && saga.money !== undefined);
  return table('Stuck longest first', [
    ['Saga', (saga) => sagaLink(saga)],
    ['Reason', (saga) => [reason(saga.reason, saga.severity ?? about[saga.reason]?.severity), saga.mutedUntil && h('span', { class: 'two', title: `No alerts until ${utc(saga.mutedUntil)} UTC` }, 'muted')]],
    ['Stuck for', (saga) => h('span', null, age(saga.since), h('span', { class: 'two' }, clock(saga.since))), 'tight number'],
    ...(hasMoney ? [['At risk', (saga) => (saga.money == null ? say(null) : brief(saga.money)), 'number']] : []),
    ['At', (saga) => h('span', { class: 'tight' }, say(saga.step, 48), saga.participant && h('span', { class: 'two' }, say(saga.participant, 48),
      saga.attempts > 1 ? `, ${saga.attempts} attempts` : ''))],
    ['What it says', (saga) => [say(saga.text ?? about[saga.reason]?.sentence, 220), saga.runbook && h('span', { class: 'two' }, saga.action ? say(saga.action, 200) : null)], 'wide'],
  ], rows);
}

function bulkLink(page, filter, total) {
  const may = (page.me.permissions ?? []).includes('BULK') && !page.me.readOnly && (page.me.features ?? {}).bulk !== false && total > 0;
  // What the list shows, and nothing else: what waits too long is stuck as well, though its phase says that it runs.
  const terms = [filter.reason && `reason:${filter.reason}`, filter.age && `stuck:${filter.age}`, !filter.reason && !filter.age && 'stuck:any', filter.saga && `saga:${quoted(filter.saga)}`, filter.version && `version:${filter.version}`];
  return may && link('runs/new' + asQuery({ q: terms.filter(Boolean).join(' ') }), { class: 'button' }, 'Order for many …');
}

export const quoted = (value) => (/^[^\s"\\]+$/.test(value) ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
