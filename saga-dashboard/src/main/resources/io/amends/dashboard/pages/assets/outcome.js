// What came of an order, told as it is: accepted is not done, sent is not a success.
import { h, link, say } from './dom.js';
import { get, see } from './api.js';
import { VERBS } from './verbs.js';

const FINAL = ['PROGRESSED', 'FAILED_AGAIN', 'NO_EFFECT', 'REFUSED', 'NOTED'];
const TEXT = {
  ACCEPTED: 'The order is stored. What it sets going has not been sent yet.',
  ATTEMPTED: 'It was sent. No answer yet says what came of it.',
  PROGRESSED: 'The saga went on.',
  FAILED_AGAIN: 'It failed as before. Mend the cause before the next try.',
  NO_EFFECT: 'Nothing came of it in the time that the steps may take.',
  REFUSED: 'It was not carried out.',
  NOTED: 'It is noted.',
};
const LAST = { PROGRESSED: 'Progressed', FAILED_AGAIN: 'Failed again', NO_EFFECT: 'No effect', REFUSED: 'Refused', NOTED: 'Noted' };
const LOOKS_MS = [300, 500, 1000, 1000, 2000];

/**
 * A strip that follows the order until it is settled, or somebody closes it. An order that is none of a saga's verbs brings its
 * name, what it is about, and what its states mean.
 */
export function outcomeStrip(verb, answer, page, onClose, { name = VERBS[verb]?.label ?? verb, about = '', means = {} } = {}) {
  const box = h('section', { class: 'note outcome', 'aria-label': 'What came of the order', role: 'status' });
  if (answer.httpStatus === 202) {
    box.append(
      h('p', null, h('b', null, `${name}: a second person is needed. `), 'Nothing was done yet. '),
      h('p', null, link('approvals' + (answer.requestId ? '/' + encodeURIComponent(answer.requestId) : ''), null, 'The request'), ' can be sent to whoever is to approve it.'));
    return box;
  }
  const draw = (state, explanation) => {
    const settled = FINAL.includes(state);
    const tone = state === 'PROGRESSED' ? 'good' : settled && state !== 'NOTED' ? 'bad' : '';
    box.className = `note outcome ${tone}`;
    box.dataset.state = state;
    box.replaceChildren(
      h('p', null, h('b', null, `${name}`), about && [' ', about], answer.repeated ? ' (ordered before; it was not carried out again)' : ''),
      h('ol', null,
        h('li', { class: 'done' }, 'Accepted'),
        h('li', { class: state !== 'ACCEPTED' && state !== 'REFUSED' ? 'done' : null }, 'Attempted'),
        h('li', { class: settled ? `done ${tone}` : null }, settled ? LAST[state] : 'waiting for what comes of it …')),
      h('p', null, means[state] ?? TEXT[state] ?? '', explanation ? [' ', say(explanation, 2000)] : ''),
      settled && h('p', null, h('button', { type: 'button', class: 'small', onclick: onClose }, 'Close')));
  };
  draw(answer.state, answer.explanation);
  follow(answer, draw, page);
  return box;
}

async function follow(answer, draw, { signal, refresh }) {
  let state = answer.state;
  for (let look = 0; !FINAL.includes(state) && !signal.aborted; look++) {
    await new Promise((done) => setTimeout(done, LOOKS_MS[look] ?? 3000));
    if (document.hidden) {
      continue;
    }
    try {
      const line = await get(`actions/${answer.actionId}`, null, signal);
      if (line.state !== state) {
        state = line.state;
        draw(state, line.explanation ?? line.entry?.explanation);
        see();
        refresh();
      }
    } catch (problem) {
      if (problem.status === 404 || problem.status === 401 || problem.name === 'AbortError') {
        return;
      }
    }
  }
}
