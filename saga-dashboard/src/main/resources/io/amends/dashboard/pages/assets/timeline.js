// The history of a saga, with what each transition changed.
import { h, block, brief, code, say } from './dom.js';
import { utc, words } from './format.js';
import { t } from './i18n.js';
import { ofMessage } from './contents.js';
import { finder } from './place.js';

const REFUSED = /^(?!ACCEPTED$)/;

export function timeline(page, saga) {
  const lines = saga.timeline ?? [];
  if (lines.length === 0) {
    return h('p', { class: 'none' }, 'Nothing has happened yet.');
  }
  let before = null;
  const isAnswered = answers(lines);
  return h('ol', { class: 'timeline' }, lines.map((line, i) => {
    const change = line.data ? changes(before, line.data) : null;
    before = line.data ?? before;
    return h('li', { 'data-kind': REFUSED.test(line.disposition ?? '') ? 'refused' : null },
      h('span', { class: 'time' }, h('time', { datetime: line.at, class: 'clock', title: `logical clock ${brief(line.logicalTime ?? line.clock)}` }, utc(line.at, true))),
      h('div', { class: 'what' },
        h('b', null, say(t(words(line.event)))), line.step && [' ', code(line.step, 80)], line.kind === 'compensation' && ' (compensation)',
        h('div', { class: 'facts' },
          line.participant && h('span', null, line.event === 'Sent' ? 'to ' : 'from ', say(line.participant, 80)),
          line.disposition && line.disposition !== 'ACCEPTED' && h('span', null, words(line.disposition)),
          line.phase && h('span', null, 'then ', words(line.phase).toLowerCase()),
          line.place ? h('span', null, code(line.place, 200)) : line.event === 'Sent'
            && h('span', null, isAnswered[i] ? 'its place in Kafka is not known' : 'not answered, so that its place in Kafka is not known'),
          line.messageId && h('span', null, 'message ', code(line.messageId)),
          line.answers && h('span', null, 'answers ', code(line.answers)),
          h('span', null, 'clock ', code(line.logicalTime ?? line.clock))),
        line.event === 'Sent' && !line.place && line.messageId && finder(page, saga, line.messageId),
        line.detail && h('div', null, say(line.detail, 1000)),
        line.messageId && (line.place || line.event === 'Sent') && ofMessage(page, saga, line),
        change));
  }));
}

/** Whether each line is of a command that was answered: what replies of older versions answer is not told, so that any later one of its step counts. */
function answers(lines) {
  const replied = new Set();
  return [...lines].reverse().map((line) => {
    const what = JSON.stringify([line.step, line.kind]);
    if (line.event === 'ReplyReceived') {
      replied.add(what);
    }
    return replied.has(what);
  }).reverse();
}

/** What is different from the data before, name by name; all of it where that can't be told. */
function changes(before, after) {
  const old = parsed(before);
  const now = parsed(after);
  if (now === null) {
    return h('details', null, h('summary', null, 'Data then'), block(after, 'Data after this line'));
  }
  const flatOld = old === null ? {} : flat(old);
  const flatNow = flat(now);
  const names = [...new Set([...Object.keys(flatOld), ...Object.keys(flatNow)])].filter((name) => flatOld[name] !== flatNow[name]);
  if (names.length === 0) {
    return null;
  }
  return h('dl', { class: 'diff', 'aria-label': 'What it changed' }, names.slice(0, 40).map((name) => [
    h('dt', null, say(name, 120)),
    h('dd', null, name in flatOld && h('del', null, h('span', { class: 'unseen' }, 'was '), say(flatOld[name], 200)), name in flatOld && ' ',
      name in flatNow ? h('ins', null, h('span', { class: 'unseen' }, 'is '), say(flatNow[name], 200)) : h('i', null, 'removed')),
  ]), names.length > 40 && h('dd', { class: 'quiet' }, `and ${names.length - 40} more`));
}

function parsed(text) {
  if (text === null || text === undefined) {
    return null;
  }
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return null;
  }
}

function flat(value, path = '', into = Object.create(null)) {
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    Object.entries(value).forEach(([name, inner]) => flat(inner, path ? `${path}.${name}` : name, into));
  } else {
    into[path || 'value'] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return into;
}
