// What a message holds, read when somebody wants to see it.
import { block, code, h, part, say } from './dom.js';
import { get } from './api.js';
import { bytes, when } from './format.js';
import { t } from './i18n.js';
import { pairs, trouble } from './parts.js';
import { unfound } from './place.js';
import { orderDialog } from './verbs.js';

/** Closed at first; `path` is where the message is asked for, `key` keeps it open while the page is drawn anew. */
export function contents(path, key) {
  const box = h('div');
  return h('details', { 'data-k': 'contents-' + key, ontoggle: async (event) => {
    if (!event.target.open || box.hasChildNodes()) {
      return;
    }
    try {
      box.replaceChildren(...drawn(await get(path)));
    } catch (problem) {
      box.replaceChildren(trouble(problem));
    }
  } }, h('summary', null, 'What it holds'), box);
}

function drawn(message) {
  return [
    h('p', { class: 'quiet' }, 'Type ', say(message.type, 120), `, ${bytes(message.bytes)}. `, say(t(message.told ?? 'What may be personal or secret is masked.'), 400)),
    message.payload !== null ? block(message.payload, 'Payload') : '',
    (message.headers ?? []).length > 0 ? pairs(message.headers.map((header) => [say(header.name, 80), say(header.value, 400)])) : '',
  ].filter(Boolean);
}

export const ofSetAside = (message) => contents(
  `messages/set-aside/${part(message.topic)}/${encodeURIComponent(message.partition)}/${encodeURIComponent(message.offset)}`,
  `${message.topic}-${message.partition}-${message.offset}`);

/** Of a message of a saga's list that waits there or is parked; who sees some tenants only sees nothing of what is of all. */
export function ofWaiting(page, saga, message) {
  const key = `${message.topic}-${message.partition}@${message.offset}`;
  if (message.where === 'WAITS_FOR_VERSION' || message.where === 'REDELIVERED') {
    return contents(`sagas/${encodeURIComponent(saga.sagaId)}/waiting/${part(key)}`, key);
  }
  if (page.me.features?.all === false) {
    return null;
  }
  return message.where === 'PARKED'
    ? message.position !== null && message.position !== undefined && contents(`outbox/parked/${encodeURIComponent(message.position)}/contents`, 'parked-' + message.position)
    : ofSetAside(message);
}

/** Of a message of a saga's history, which Kafka is asked for. The answer stays while the page is drawn anew; what was not found is asked for again when it is opened again. */
export function ofMessage(page, saga, line) {
  const id = line.messageId;
  const path = `sagas/${encodeURIComponent(saga.sagaId)}/records/${part(id)}`;
  const asked = page.state.records ??= new Map();
  const box = h('div', { 'data-record': id });
  const show = async () => {
    if (!asked.has(id)) {
      asked.set(id, get(path, null, page.signal));
      box.replaceChildren(h('p', { class: 'quiet' }, 'Kafka is being asked.'));
    }
    try {
      const answer = await asked.get(id);
      box.replaceChildren(...(answer.state === 'FOUND' ? foundIn(page, answer, unmask) : unfound(answer, 'This application has no Kafka: messages go from the outbox straight to their handlers, and what was taken is not kept.')));
    } catch (problem) {
      asked.delete(id);
      if (problem.name !== 'AbortError') {
        box.replaceChildren(trouble(problem));
      }
    }
  };
  const unmask = () => orderDialog(page, {
    title: 'Unmask the message', text: 'You see what may be personal or secret. The audit says who looked, when and why.', submit: 'Show it', path: path + '/unmask',
    done: (answer) => {
      asked.set(id, Promise.resolve(answer));
      return page.refresh(true);
    },
  });
  const toggled = async (event) => {
    if (event.target.open) {
      await show();
    } else if ((await asked.get(id)?.catch(() => null))?.state !== 'FOUND') {
      asked.delete(id);
      box.replaceChildren();
    }
  };
  return h('details', { 'data-k': `contents-${id}-${line.clock}`, ontoggle: toggled }, h('summary', null, 'What it holds'), box);
}

function foundIn(page, answer, unmask) {
  const may = (page.me.permissions ?? []).includes('UNMASK') && !page.me.readOnly;
  return [
    h('div', { class: 'facts' }, h('span', null, code(answer.place, 300)), h('span', null, 'published ', when(answer.publishedAt))),
    ...drawn(answer.contents),
    may && answer.contents.payload !== null && h('button', { type: 'button', class: 'small', onclick: unmask }, 'Unmask …'),
  ].filter(Boolean);
}
