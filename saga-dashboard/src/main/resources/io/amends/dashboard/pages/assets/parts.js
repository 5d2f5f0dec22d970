// Pieces that several pages have: badges, tables, notes, paging.
import { brief, h, link, say, code } from './dom.js';
import { short, words } from './format.js';

export function badge(text, tone) {
  return h('span', { class: 'badge', 'data-tone': tone }, text);
}

const PHASES = { RUNNING: 'busy', COMPENSATING: 'back', COMPLETED: 'good', COMPENSATED: 'good', STUCK: 'high' };
export const phase = (name) => badge(words(name), PHASES[name]);
export const severityTone = (severity) => String(severity ?? '').toLowerCase();
export const reason = (name, severity) => badge(words(name), severityTone(severity));

const ACTIONS = {
  ACCEPTED: 'busy', ATTEMPTED: 'busy', PROGRESSED: 'good', FAILED_AGAIN: 'critical', NO_EFFECT: 'high', REFUSED: 'medium',
  OPEN: undefined, CHANGED: 'medium', THREW: 'critical', NOTED: undefined,
};
export const actionState = (name) => badge(words(name), ACTIONS[name]);

/** A saga by its key, with its definition below. */
export function sagaLink(saga, props) {
  const id = saga.sagaId ?? saga.id;
  return h('span', { class: 'tight' },
    link('sagas/' + encodeURIComponent(id), { 'data-k': 'saga-' + id, 'data-row': true, ...props }, say(saga.key || short(id), 48)),
    saga.name && h('span', { class: 'two' }, say(saga.name, 48), saga.version ? ` v${saga.version}` : ''));
}

export function idLink(id) {
  return id ? link('sagas/' + encodeURIComponent(id), { 'data-row': true }, code(short(id))) : say(null);
}

/** Where a message is, or was: on Kafka, or without it (partition -1) at a position of the outbox. */
export function place(topic, partition, offset) {
  if (partition === -1) {
    return h('span', null, code(topic, 200), ` position ${offset} of the outbox`);
  }
  return h('code', null, say(topic, 200), partition === null || partition === undefined ? '' : `-${partition}`,
    offset === null || offset === undefined ? '' : `@${offset}`);
}

/**
 * A table; in a narrow window each row is a card. Columns are [heading, cell(row), class]; the first link of a row that has `data-row` is what j and k go to.
 */
export function table(caption, columns, rows, { hidden = false } = {}) {
  // The roles are what these elements have by themselves, until a narrow window lays them out otherwise.
  return h('div', { class: 'scroll' }, h('table', { class: 'list', role: 'table' },
    h('caption', { class: hidden ? 'unseen' : null }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map(([heading, , style]) =>
      h('th', { scope: 'col', role: 'columnheader', class: style }, heading || h('span', { class: 'unseen' }, 'Orders'))))),
    h('tbody', { role: 'rowgroup' }, rows.map((row) => h('tr', { role: 'row' },
      columns.map(([heading, cell, style]) => h('td', { role: 'cell', class: style, 'data-label': heading || null }, cell(row))))))));
}

export function empty(title, text) {
  return h('div', { class: 'empty' }, h('b', null, title), text);
}

/** Where an answer says that not all that is stuck was read. */
export const cutNote = (isAll) => isAll === false
  && h('p', { class: 'note' }, 'More may be stuck than is counted and listed here: there is so much that only a part of it is read, the oldest first.');

/** In place of a list, when nothing is among what was read. */
export const emptyCut = () => empty('No stuck saga is among what was read.', 'More may be behind it.');

export function panel(title, props, ...children) {
  return h('section', { class: 'panel', ...props }, title && h('h2', null, title), ...children);
}

export function head(title, about, ...end) {
  const is = about instanceof Element && about.classList.contains('badge');
  return h('header', { class: 'head' }, h('h1', { tabindex: '-1' }, title), about && (is ? about : h('p', null, about)),
    end.length > 0 && h('div', { class: 'end' }, ...end));
}

/** What went wrong, in the server's words. */
export function trouble(problem, again) {
  return h('div', { class: 'note bad', role: 'alert' },
    h('p', null, h('b', null, brief(problem.title ?? 'Something went wrong'))),
    h('p', null, say(problem.message, 2000)),
    again && h('p', null, h('button', { type: 'button', class: 'small', onclick: again }, 'Try again')));
}

export function pairs(entries) {
  return h('dl', { class: 'pairs' }, entries.filter(Boolean).map(([name, value]) => [h('dt', null, name), h('dd', null, value)]));
}

/**
 * A list that grows by pages: `load(after)` answers {rows, next}, `draw(rows)` the whole of it.
 */
export function growing(first, load, draw, page) {
  const box = h('div');
  let { rows, next } = first;
  const show = (focusOn) => {
    const button = next && h('button', {
      type: 'button', 'data-k': 'more',
      onclick: async (event) => {
        event.target.disabled = true;
        try {
          const more = await load(next);
          const from = rows.length;
          rows = [...rows, ...more.rows];
          next = more.next;
          page.state.grown = true;
          show(from);
        } catch (problem) {
          event.target.disabled = false;
          event.target.after(trouble(problem));
        }
      },
    }, 'Show more');
    box.replaceChildren(draw(rows), ...(button ? [h('p', { class: 'more' }, button)] : []));
    if (focusOn !== undefined) {
      box.querySelectorAll('[data-row]')[focusOn]?.focus();
    }
  };
  show();
  return box;
}

/** A form whose fields become the page's query. */
export function queryForm(page, fields, label) {
  return h('form', {
    class: 'fields', role: 'search', 'aria-label': label,
    onsubmit: (event) => {
      event.preventDefault();
      page.go(page.path, Object.fromEntries(new FormData(event.target)));
    },
  }, fields.map(([name, text, props]) => h('label', null, text, h('input', { name, value: page.query[name] ?? '', ...props }))),
  h('button', { type: 'submit' }, 'Show'));
}

/** Where in the code an exception came from, the innermost frame first: names of classes and methods that somebody sent. */
export function frames(lines) {
  return lines?.length > 0
    ? h('ol', { class: 'frames', 'aria-label': 'Thrown at, the innermost first' }, lines.slice(0, 8).map((line) => h('li', null, code(line, 220))))
    : null;
}
