// Where in Kafka a command is that nobody answered: looked for when somebody wants to know it, since that takes a moment.
import { h, code, link, say } from './dom.js';
import { get } from './api.js';
import { count, plural, utc, when } from './format.js';
import { trouble } from './parts.js';

/** A little longer than a topic’s name may be, after which it is called. */
const LONGEST_GROUP = 300;

/** A button, and behind it what was found; that stays while the page is drawn anew. */
export function finder(page, saga, message) {
  page.state.places ??= new Map();
  const box = h('div', { role: 'status', 'data-place': message });
  const show = () => box.replaceChildren(...(page.state.places.has(message) ? found(page.state.places.get(message)) : []));
  let asking = false;
  const ask = async () => {
    if (asking) {
      return;
    }
    asking = true;
    box.replaceChildren(h('span', { class: 'quiet' }, 'Kafka is being asked.'));
    try {
      page.state.places.set(message, await get(`sagas/${encodeURIComponent(saga.sagaId)}/sent/${encodeURIComponent(message)}/place`, null, page.signal));
      show();
      if (!box.isConnected) {
        page.refresh(true);
      }
    } catch (problem) {
      if (problem.name !== 'AbortError') {
        box.replaceChildren(trouble(problem));
      }
    } finally {
      asking = false;
    }
  };
  show();
  return [h('button', { type: 'button', class: 'small', 'data-k': 'place-' + message, onclick: ask }, 'Find in Kafka'), box];
}

function found(answer) {
  return answer.state === 'FOUND'
    ? [h('div', { class: 'facts' }, h('span', null, code(answer.place, 300)), h('span', null, 'published ', when(answer.publishedAt)), h('span', null, readBy(answer))), troubled(answer)].filter(Boolean)
    : unfound(answer, 'This application has no Kafka: what nobody has taken yet is pending in the outbox.');
}

/** Why it is not there to be seen, and what that means; `without` is said where there is no Kafka at all. */
export function unfound(answer, without) {
  const searched = plural(answer.searched, 'record');
  const said = {
    GONE: () => [h('span', null, code(answer.place, 300)), 'Kafka does not have it any more: its topic keeps records for some time only, or the latest of each key (retention.ms, cleanup.policy).'],
    ANOTHER: () => [h('span', null, code(answer.place, 300)), 'Another message is there now: the topic was removed and made anew, or its place was told wrongly.'],
    NO_PLACE: () => ['Where it was read was not noted, so that it can’t be read again: a process of an older version took it, or it did not come through Kafka.'],
    NOT_FOUND: () => [`It is not in the topic any more: ${searched} since ${utc(answer.from)} were looked through. Kafka may have removed it, or hide it in a transaction that has not ended.`],
    NOT_REACHED: () => [`It was not found among the first ${searched} since ${utc(answer.from)}, and one search takes no more. It may come later in the topic.`],
    NOT_PUBLISHED: () => ['It is still in the outbox: the relay has not published it. ', link('outbox', { 'data-k': 'place-outbox' }, 'The outbox')],
    PARKED: () => ['Kafka refused it, or one before it of this saga. It is parked in the outbox. ', link('outbox', { 'data-k': 'place-outbox' }, 'The outbox')],
    NO_KAFKA: () => [without],
    BUSY: () => ['Others look for commands already. Ask again in a moment.'],
    UNTOLD: () => ['Where it is, Kafka did not tell.'],
  }[answer.state]?.() ?? [say(answer.state)];
  return [h('div', { class: 'facts' }, said), troubled(answer)].filter(Boolean);
}

const troubled = (answer) => answer.trouble && h('div', { class: 'quiet' }, say(answer.trouble, 600));

/** How far the participant is, by its group: what keeps the answer away is behind it or before it. */
function readBy(answer) {
  if (answer.read === null || answer.read === undefined) {
    return 'Whether it was read is not known.';
  }
  const group = String(answer.group).slice(0, LONGEST_GROUP);
  if (answer.read) {
    return `Group ${group} has read it, and no reply came here. Look at the participant: its log, what it set aside, its outbox.`;
  }
  if (answer.inFront === null || answer.inFront === undefined) {
    return `Nobody has read it: group ${group} has taken nothing of that partition yet, as far as Kafka knows.`;
  }
  return answer.inFront === 0
    ? `It waits in the topic, and is the next one that group ${group} reads there.`
    : `It waits in the topic: group ${group} reads ${count(answer.inFront)} before it.`;
}
