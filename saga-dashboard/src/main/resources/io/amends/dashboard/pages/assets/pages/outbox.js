// The outbox: what waits to be published, who publishes it, and what Kafka refuses.
import { h, code, say } from '../dom.js';
import { get, keys, post } from '../api.js';
import { age, bytes, clock, count, counted, least, span, words } from '../format.js';
import { t } from '../i18n.js';
import { badge, empty, head, panel, table } from '../parts.js';
import { consumers } from '../consumers.js';
import { contents } from '../contents.js';
import { differences, jsonField, spread } from '../edit.js';
import { form, reasonField } from '../dialog.js';
import { orderDialog } from '../verbs.js';
import { onTick } from '../live.js';

export const title = () => 'Outbox';

const TONES = { EMPTY: 'good', POSSIBLE: 'good', IN_USE: 'busy', UNPUBLISHED: 'medium', LOCKED: 'high' };

export async function draw(page) {
  const outbox = await get('outbox', null, page.signal);
  const figures = outbox.figures ?? {};
  const lanes = outbox.lanes ?? [];
  const relays = outbox.relays ?? [];
  const parked = outbox.parked ?? [];
  const waiting = lanes.reduce((sum, lane) => sum + (lane.waiting ?? 0), 0);
  const isAll = lanes.every((lane) => lane.isAll !== false);
  return h('div', null,
    head('Outbox', 'Messages on their way from the database to Kafka'),
    h('dl', { class: 'tiles' },
      tile('Waiting', least(isAll) + count(waiting)), tile('Oldest waits for', span(figures.oldest)),
      tile('Parked keys', count(figures.parkedKeys), figures.parkedKeys > 0 ? 'critical' : 'good'),
      tile('Relays alive', count(relays.length), relays.length === 0 ? 'critical' : null)),
    relays.length === 0 && h('div', { class: 'note bad' }, h('p', null, h('b', null, 'No relay is alive.'), ' Nothing is published until a process with a relay runs.')),
    panel('Refused by Kafka', null, parked.length === 0
      ? empty('Nothing is parked.', 'Kafka takes every message.')
      : table('The key of each waits; later messages of the key wait behind it', [
        ['Position', (row) => h('span', { 'data-row': true, tabindex: '-1' }, code(row.position)), 'tight'],
        ['Topic', (row) => h('span', null, code(row.topic), h('span', { class: 'two' }, say(row.type, 120)))],
        ['Key', (row) => say(row.key, 120)],
        ['Why', (row) => h('span', null, h('b', null, words(row.reasonCode)), h('span', { class: 'two' }, say(row.reason, 400)), contents(`outbox/parked/${encodeURIComponent(row.position)}/contents`, row.position)), 'wide'],
        ['Behind it', (row) => counted(row.followers), 'number'],
        ['Size', (row) => bytes(row.bytes), 'number'],
        ['Refused', (row) => h('span', null, age(row.parkedAt), ' ago'), 'tight'],
        ...orders(page),
      ], parked)),
    h('div', { class: 'columns' },
      panel('Lanes', null, !isAll && h('p', { class: 'hint' }, 'Of each lane only so many waiting messages are counted; where it says ≥, there may be more.'), table('Parts of the outbox and who publishes them', [
        ['Lane', (lane) => lane.lane, 'number'],
        ['Relay', (lane) => (lane.leaseLeft === null || lane.leaseLeft === undefined ? h('span', null, badge('nobody’s', 'high'), ' ', lane.owner ? say(lane.owner, 60) : '') : say(lane.owner, 60))],
        ['Lease', (lane) => span(lane.leaseLeft), 'number'],
        ['Waiting', (lane) => least(lane.isAll) + count(lane.waiting), 'number'],
        ['Oldest', (lane) => span(lane.oldest), 'number'],
        ['Taken', (lane) => `${count(lane.epoch)} ×`, 'number'],
      ], lanes)),
      panel('Relays', null, table('Processes that publish', [
        ['Name', (relay) => code(relay.owner, 120)], ['Since (UTC)', (relay) => clock(relay.since), 'tight'], ['Alive for', (relay) => span(relay.aliveFor), 'number'],
      ], relays))),
    consumers(page),
    panel('Segments', null, table('The outbox’s tables, which are emptied in turn', [
      ['Segment', (row) => row.segment, 'number'], ['Size', (row) => bytes(row.bytes), 'number'], ['Rows, about', (row) => count(row.rows), 'number'],
      ['Can be emptied', (row) => badge(words(row.emptying), TONES[row.emptying])], ['Why', (row) => say(row.why, 400), 'wide'],
    ], outbox.segments ?? [])));
}

const tile = (name, value, tone) => h('div', { class: 'tile', 'data-tone': tone }, h('dt', null, name), h('dd', null, value));

function orders(page) {
  if (page.me.readOnly || !(page.me.permissions ?? []).includes('REPAIR')) {
    return [];
  }
  const button = (row, verb, label, text, grave) => h('button', {
    type: 'button', class: grave ? 'small grave' : 'small', 'data-k': `${verb}-${row.position}`, 'aria-label': `${label} message ${row.position}`,
    onclick: () => orderDialog(page, { title: `${label} message ${row.position}`, text, submit: label, grave, path: `outbox/parked/${encodeURIComponent(row.position)}/${verb}` }),
  }, label);
  return [['', (row) => h('span', { class: 'fields' },
    page.me.features?.edit && h('button', { type: 'button', class: 'small', 'data-k': `edit-${row.position}`, 'aria-label': `Edit message ${row.position}`, onclick: () => edit(page, row) }, 'Edit …'),
    button(row, 'unpark', 'Unpark', 'The relay tries again to publish it, and then what waits behind it.', false),
    button(row, 'discard', 'Discard', 'It is never published. What waits behind it goes on. Its saga waits for an answer that never comes, unless you repair that too.', true)), 'tight']];
}

/** What it would change is told before it is ordered. */
async function edit(page, row) {
  const path = `outbox/parked/${encodeURIComponent(row.position)}`;
  let parked;
  try {
    parked = await get(path, null, page.signal);
  } catch (problem) {
    page.announce(problem.message);
    return;
  }
  const keyed = keys();
  const seen = h('div', { class: 'foreseen note', 'aria-live': 'polite' }, 'What it would change is told here.');
  const dialog = form({
    title: `Edit message ${row.position}`,
    submit: 'Store it and unpark',
    grave: true,
    about: [h('p', { class: 'hint' }, 'It keeps its id, its key and its place. The relay tries again to publish it, and then what waits behind it. In another topic it comes behind what that one has of its key.'), seen],
    fields: [
      h('label', { for: 'edit-topic' }, 'Topic'),
      h('input', { id: 'edit-topic', name: 'topic', autocomplete: 'off', value: parked.topic }),
      parked.payload === null ? h('p', { class: 'hint' }, 'Its payload is no JSON, and is not edited here.') : jsonField('payload', 'Payload', spread(parked.payload)),
      reasonField('Why? It goes into the audit.'),
    ],
    order: async (values) => {
      await keyed(path + '/edit', values, parked.revision);
      page.announce('Store it and unpark: done.');
      page.refresh(true);
      return null;
    },
  });
  let turn = 0;
  dialog.addEventListener('change', async () => {
    turn += 1;
    const mine = turn;
    try {
      const { reason, ...values } = Object.fromEntries(new FormData(dialog.querySelector('form')));
      const told = await post(path + '/edit/foresee', values, { signal: page.signal, asks: true });
      if (mine !== turn) {
        return;
      }
      seen.className = told.possible ? 'foreseen note' : 'foreseen note bad';
      seen.replaceChildren(say(told.text, 2000), differences(told.changes) || '');
    } catch (problem) {
      seen.replaceChildren(t('What it would change can’t be told now: '), say(problem.message));
    }
  });
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
