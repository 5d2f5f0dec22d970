// How far consumers are behind. Kafka may take its time, so that a page shows this when it comes and does not wait for it.
import { h, away, code, link, part, say } from './dom.js';
import { get } from './api.js';
import { count, plural } from './format.js';
import { badge, empty, panel, table, trouble } from './parts.js';

/** The table of all topics. The one that the address names is marked, and shown first when the page is opened. */
export function consumers(page) {
  const box = h('div');
  fill(page, box, (lag) => {
    if (lag.trouble) {
      return [h('div', { class: 'note bad' }, h('p', null, h('b', null, 'How far consumers are behind is not known.'), ' ', say(lag.trouble, 600)))];
    }
    const rows = lag.topics ?? [];
    return [
      lag.omitted > 0 && h('div', { class: 'note' }, `${plural(lag.omitted, 'more topic')} left out: there are too many topics or partitions to ask for.`),
      rows.length === 0
        ? empty('This application knows no topics of participants.', 'It has neither definitions nor participants.')
        : table('Commands and replies that were published and not taken yet', columns(page, lag), [...rows].sort((a, b) => (b.behind ?? -1) - (a.behind ?? -1))),
    ].filter(Boolean);
  }, () => {
    if (page.query.topic && !page.state.consumersShown) {
      page.state.consumersShown = true;
      box.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' });
    }
  });
  return panel('Consumers', { 'aria-label': 'Consumers' }, box);
}

function columns(page, lag) {
  const told = (row, value) => (row.trouble ? '–' : value);
  return [
    ['Topic', (row) => h('span', { 'data-row': true, tabindex: '-1', 'aria-current': row.topic === page.query.topic ? 'true' : null },
      row.topic === page.query.topic ? h('b', null, code(row.topic)) : code(row.topic),
      row.trouble && h('span', { class: 'two' }, say(row.trouble, 600)))],
    ['Group', (row) => h('span', null, code(row.group), row.members === 0 && [' ', badge('nobody reads', 'high')])],
    ['Consumers', (row) => told(row, count(row.members)), 'number'],
    ['Partitions', (row) => count(row.partitions), 'number'],
    ['Published', (row) => (row.perSecond === null || row.perSecond === undefined ? '–' : `${count(Math.round(row.perSecond * 10) / 10)} /s`), 'number'],
    ['Records behind', (row) => told(row, count(row.behind)), 'number'],
    ['Most behind', (row) => told(row, row.worst === null || row.worst === undefined ? '–' : `partition ${row.worst}: ${count(row.worstBehind)}`), 'tight'],
    ['What to do', (row) => (row.behind > 0 ? away(lag.runbook, 'Runbook') : row.trouble ? '–' : badge('nothing', 'good')), 'tight'],
  ];
}

/** Of a saga whose reply is overdue: how far those are behind whom it waits for, with the way to the table. */
export function consumersOf(page, saga) {
  const awaited = new Set((saga.steps ?? [])
    .filter((step) => step.forward === 'OPEN' || step.backward === 'OPEN')
    .map((step) => step.commands).filter(Boolean));
  const box = h('div');
  if (awaited.size > 0 && page.me.features?.all !== false) {
    fill(page, box, (lag) => (lag.trouble
      ? [h('p', { class: 'facts' }, h('span', null, 'How far its participants are behind is not known. ', say(lag.trouble, 600)))]
      : (lag.topics ?? []).filter((row) => awaited.has(row.topic)).map((row) => h('p', { class: 'facts' },
      link(`outbox?topic=${part(row.topic)}`, { 'data-k': `lag-${row.topic}` }, 'Consumers of ', code(row.topic)),
      h('span', null, row.trouble ? say(row.trouble, 600) : `${plural(row.behind, 'record')} behind, ${plural(row.members, 'consumer')}`)))));
  }
  return box;
}

/** Shows what was known at once, and what is answered when it is. */
async function fill(page, box, draw, shown = () => {}) {
  try {
    box.replaceChildren(...(page.state.lag ? draw(page.state.lag) : [h('p', { class: 'quiet' }, 'Kafka is being asked.')]));
    page.state.lag = await get('lag', null, page.signal);
    box.replaceChildren(...draw(page.state.lag));
    shown();
  } catch (problem) {
    if (problem.name !== 'AbortError') {
      box.replaceChildren(trouble(problem));
    }
  }
}
