// Branches of two-phase commits that are prepared and have not ended.
import { h, code, say } from '../dom.js';
import { get } from '../api.js';
import { millis, span, words } from '../format.js';
import { badge, empty, head, panel, table } from '../parts.js';
import { orderDialog } from '../verbs.js';
import { onTick } from '../live.js';

export const title = () => 'In doubt';

export async function draw(page) {
  const { present, branches = [], away = [] } = await get('in-doubt', null, page.signal);
  if (present === false) {
    return h('div', null, head('Two-phase commit: in doubt'), panel(null, null, empty('This application has no two-phase commits.', 'Nothing can be in doubt.')));
  }
  return h('div', null,
    head('Two-phase commit: in doubt', 'Prepared branches keep their locks until they end'),
    away.length > 0 && h('div', { class: 'note bad' }, h('p', null, h('b', null, 'Not everybody could be asked; there may be more.')),
      h('ul', null, away.map((text) => h('li', null, say(text, 600))))),
    panel(null, { 'aria-label': 'Branches' }, branches.length === 0
      ? empty('Nothing is in doubt.', 'Every branch that was prepared has ended.')
      : table('The oldest first', [
        ['Branch', (branch) => h('span', { 'data-row': true, tabindex: '-1' }, code(branch.gid))],
        ['Participant', (branch) => h('span', null, say(branch.participant, 120), branch.transaction && h('span', { class: 'two' }, say(branch.transaction, 120)))],
        ['Prepared for', (branch) => span(branch.age), 'number'],
        ['Decision', (branch) => (branch.decision ? badge(words(branch.decision), branch.decision === 'COMMIT' ? 'good' : 'back') : badge('none yet', 'high'))],
        ['By hand', (branch) => (branch.running ? 'Nothing: a process is at it.' : h('code', null, say(branch.advice, 2000))), 'wide'],
      ], [...branches].sort((a, b) => millis(b.age) - millis(a.age))), settle(page, branches)));
}

/** Nothing that the console orders ends a branch otherwise than the log of decisions says. */
function settle(page, branches) {
  return branches.length > 0 && !page.me.readOnly && (page.me.permissions ?? []).includes('REPAIR') && h('p', { class: 'verbs' },
    h('button', { type: 'button', class: 'primary', 'data-k': 'settle', 'data-verb': 'settle', onclick: () => orderDialog(page, {
      title: 'End them now', submit: 'End them', path: 'in-doubt/settle',
      text: 'Each branch is ended as the log of decisions says. One of which nothing is decided is rolled back if it belongs to this process, or if its coordinator has been away for too long; others stay, and are ended by hand.',
    }) }, 'End them as decided …'));
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
