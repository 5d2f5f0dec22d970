// Messages that nobody could take: set aside by the saga's own listeners, or parked by a consumer.
import { brief, h, part, say } from '../dom.js';
import { get } from '../api.js';
import { age, clock, count, counted, words } from '../format.js';
import { empty, head, idLink, panel, place, reason, table } from '../parts.js';
import { contents, ofSetAside } from '../contents.js';
import { outcomeStrip } from '../outcome.js';
import { orderDialog } from '../verbs.js';
import { onTick } from '../live.js';

export const title = () => 'Messages set aside';

export async function draw(page) {
  const { setAside = [], parkedMessages = [], waiting = {} } = await get('messages', null, page.signal);
  page.state.outcomes ??= h('div');
  return h('div', null,
    head('Messages set aside', 'Kept as they came; nobody handles them until somebody decides'),
    page.state.outcomes,
    panel('Of sagas', null, setAside.length === 0
      ? empty('No message is set aside.', 'Every message could be read, and its saga was there.')
      : table('The latest first', [
        ['Record', (message) => place(message.topic, message.partition, message.offset)],
        ['Reason', (message) => reason(message.reason, 'WARNING')],
        ['What is wrong', (message) => h('span', null, h('b', null, words(message.code)), h('span', { class: 'two' }, say(message.text, 600)), ofSetAside(message)), 'wide'],
        ['Saga', (message) => idLink(message.sagaId), 'tight'],
        ['For', (message) => age(message.since), 'tight number'],
        ['Since (UTC)', (message) => clock(message.since), 'tight'],
        ...decisions(page),
      ], setAside)),
    panel('Of consumers', null, parkedMessages.length === 0
      ? empty('No consumer has parked a message.', 'Every handler took what came.')
      : table('The first of each key; later ones wait behind it', [
        ['Record', (message) => h('span', null, place(message.topic, message.partition, message.offset), h('span', { class: 'two' }, say(message.consumer, 120)))],
        ['Key', (message) => say(keyText(message.key), 120)],
        ['Why', (message) => h('span', null, say(message.reason, 600), contents('messages/parked/' + encodeURIComponent(message.id), message.id)), 'wide'],
        ['Attempts', (message) => count(message.attempts), 'number'],
        ['Behind it', (message) => counted(message.waiting), 'number'],
        ['Parked', (message) => h('span', null, age(message.parkedAt), ' ago'), 'tight'],
        ['Next attempt (UTC)', (message) => (message.nextAttemptAt ? clock(message.nextAttemptAt) : 'an operator decides'), 'tight'],
        ...orders(page),
      ], parkedMessages)),
    inbox(waiting));
}

/** What nobody has to decide about: it is handled again by itself. */
function inbox({ commandCount = 0, commands = [], replyCount = 0, replies = [] }) {
  return panel('Waiting in the inbox', null,
    commands.length === 0 && replies.length === 0
      ? empty('Nothing waits in the inbox.', 'Every command was carried out or answered, and every reply was taken.')
      : h('p', { class: 'hint' }, h('b', null, counted(commandCount)), ' commands are handled again by themselves; ', h('b', null, counted(replyCount)), ' replies wait for a process with their saga’s version.'),
    commands.length > 0 && table('Commands, those that are due next first', [
      ['Participant', (command) => say(command.participant, 120)],
      ['Saga', (command) => idLink(command.sagaId), 'tight'],
      ['Step', (command) => h('span', null, say(command.step, 120), h('span', { class: 'two' }, words(command.kind)))],
      ['Record', (command) => place(command.topic, command.partition, command.offset)],
      ['Why', (command) => say(command.error, 600), 'wide'],
      ['Attempts', (command) => count(command.attempts), 'number'],
      ['Next attempt (UTC)', (command) => (command.nextAttemptAt ? clock(command.nextAttemptAt) : 'once its lock is free'), 'tight'],
    ], commands),
    replies.length > 0 && table('Replies, those that have waited longest first', [
      ['Saga', (reply) => idLink(reply.sagaId), 'tight'],
      ['Record', (reply) => place(reply.topic, reply.partition, reply.offset)],
      ['For', (reply) => age(reply.since), 'tight number'],
      ['Since (UTC)', (reply) => clock(reply.since), 'tight'],
    ], replies));
}

const MEANS = {
  ACCEPTED: 'It is handed back, and waits for a process that handles it.',
  ATTEMPTED: 'It was handled. No answer yet says what came of it.',
  PROGRESSED: 'It was handled, and its saga went on.',
  FAILED_AGAIN: 'It was set aside again, or its saga did not get on with it. Mend the cause before the next try.',
  NO_EFFECT: 'Its saga had no use for it: it knew that already, or goes another way by now.',
};

/** What was looked at can be handled once more, or dropped: its saga, if it waits still, asks again. */
function decisions(page) {
  if (page.me.readOnly || !(page.me.permissions ?? []).includes('REPAIR')) {
    return [];
  }
  return [['', (message) => {
    const at = `-${message.partition}@${message.offset}`;
    const where = brief(message.topic) + at;
    const path = `messages/set-aside/${part(message.topic)}/${encodeURIComponent(message.partition)}/${encodeURIComponent(message.offset)}`;
    return h('span', { class: 'fields' }, h('button', {
      type: 'button', class: 'small', 'data-k': 'replay-' + message.topic + at, 'aria-label': `Replay message ${where}`,
      onclick: () => orderDialog(page, {
        title: `Replay message ${where}`, submit: 'Hand it back', path: path + '/replay',
        text: 'It is handled once more as it came. Mend the cause first: deploy the version that knows it everywhere, or bring its saga back. What nobody understands still is set aside again.',
        done: (answer) => {
          const strip = outcomeStrip('set-aside-replay', answer, page, () => strip.remove(), { name: 'Replay', about: place(message.topic, message.partition, message.offset), means: MEANS });
          page.state.outcomes.prepend(strip);
          return page.refresh(true);
        },
      }),
    }, 'Replay'), h('button', {
      type: 'button', class: 'small grave', 'data-k': 'drop-' + message.topic + at, 'aria-label': `Drop message ${where}`,
      onclick: () => orderDialog(page, {
        title: `Drop message ${where}`, submit: 'Drop', grave: true,
        text: 'It is deleted for good. No saga is told: one that waits for it is retried, and then the participant gives its answer again.',
        path: path + '/discard',
      }),
    }, 'Drop'));
  }, 'tight']];
}

/** The server writes a key that is text as text, else as base64. */
const keyText = (key) => (typeof key === 'object' && key !== null ? JSON.stringify(key) : key);

function orders(page) {
  if (page.me.readOnly || !(page.me.permissions ?? []).includes('REPAIR')) {
    return [];
  }
  const button = (message, verb, label, text, grave) => h('button', {
    type: 'button', class: grave ? 'small grave' : 'small', 'data-k': `${verb}-${message.id}`, 'aria-label': `${label} message ${message.id}`,
    onclick: () => orderDialog(page, { title: `${label} message ${message.id}`, text, submit: label, grave, path: `messages/parked/${encodeURIComponent(message.id)}/${verb}` }),
  }, label);
  return [['', (message) => h('span', { class: 'fields' },
    button(message, 'retry', 'Retry', 'Its handler is called again, and then what waits behind it.', false),
    button(message, 'discard', 'Discard', 'Its handler is never called for it. What waits behind it goes on.', true)), 'tight']];
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
