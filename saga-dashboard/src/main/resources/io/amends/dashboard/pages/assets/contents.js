// What a message holds, read when somebody wants to see it.
import { block, h, say } from './dom.js';
import { get } from './api.js';
import { bytes } from './format.js';
import { t } from './i18n.js';
import { pairs, trouble } from './parts.js';

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
  `messages/set-aside/${encodeURIComponent(message.topic)}/${encodeURIComponent(message.partition)}/${encodeURIComponent(message.offset)}`,
  `${message.topic}-${message.partition}-${message.offset}`);
