// What one operator asked for and a second one decides.
import { h, link, say } from '../dom.js';
import { get } from '../api.js';
import { when, words } from '../format.js';
import { badge, empty, head, idLink, panel, table } from '../parts.js';
import { t } from '../i18n.js';
import { orderDialog, tell } from '../verbs.js';
import { onTick } from '../live.js';

export const title = () => 'Approvals';

const TONES = { OPEN: 'medium', APPROVED: 'good', DECLINED: 'high', EXPIRED: undefined, WITHDRAWN: undefined };
export const requestState = (name) => badge(words(name), TONES[name]);

export async function draw(page) {
  const { requests = [] } = await get('approvals', null, page.signal);
  const open = requests.filter((request) => request.state === 'OPEN');
  const over = requests.filter((request) => request.state !== 'OPEN');
  return h('div', null,
    head('Approvals', 'Two people for what can’t be taken back'),
    panel('Waiting for a second person', null, open.length === 0
      ? empty('Nothing waits for approval.', (page.me.fourEyes ?? []).length === 0 ? 'No order needs a second person here.' : `These need one: ${page.me.fourEyes.map(words).join(', ')}.`)
      : table('Requests', [...columns, ['', (request) => decisions(page, request), 'tight']], open, { hidden: true })),
    over.length > 0 && panel('Decided', null, table('Decided requests', [...columns, ['State', (request) => requestState(request.state)], ['By', (request) => say(request.decidedBy)]], over, { hidden: true })));
}

const columns = [
  ['Order', (request) => h('span', null,
    link('approvals/' + encodeURIComponent(request.id), { 'data-row': true, 'data-k': 'request-' + request.id }, words(verbName(request))),
    h('span', { class: 'two' }, argumentsOf(request)))],
  ['Saga', (request) => idLink(request.sagaId)],
  ['Asked by', (request) => h('span', null, say(asker(request)), h('span', { class: 'two' }, when(request.askedAt)))],
  ['Why', (request) => say(request.reason, 600), 'wide'],
  ['Until', (request) => when(request.expiresAt), 'tight'],
];

export const verbName = (request) => (typeof request.verb === 'object' ? request.verb.name ?? '' : request.verb);
export const asker = (request) => request.askedBy?.name ?? request.askedBy;
export const argumentsOf = (request) => Object.entries(request.arguments ?? {}).map(([name, value]) => h('span', null, say(name, 40), ': ', say(value, 200), ' '));

/** What this viewer can decide; before they do, they see what it would do. */
export function decisions(page, request, done) {
  const may = (page.me.permissions ?? []).includes('APPROVE') && !page.me.readOnly;
  const mine = String(asker(request)).toLowerCase() === page.me.actor.toLowerCase();
  // Who sees some tenants only approves nothing that could make a saga another tenant's.
  const keepsTenant = page.me.features?.all !== false || !['migrate', 'edit-and-retry'].includes(verbName(request));
  const path = 'approvals/' + encodeURIComponent(request.id);
  const button = (verb, label, text, says = true) => h('button', {
    type: 'button', class: 'small', 'data-k': `${verb}-${request.id}`,
    onclick: () => orderDialog(page, { title: `${label}: ${words(verbName(request))}`, text, about: foreseen(path), submit: label, says, path: `${path}/${verb}`, done }),
  }, label);
  return h('span', { class: 'fields' },
    may && !mine && keepsTenant && button('approve', 'Approve', 'It is carried out at once, if the saga is still as it was when it was asked for.', false),
    may && !mine && button('decline', 'Decline', 'It is not carried out.'),
    mine && !page.me.readOnly && button('withdraw', 'Withdraw', 'You take it back; it is not carried out.'));
}

/** Read when somebody is about to decide: the saga may have changed since the list was. */
function foreseen(path) {
  const box = h('div', { class: 'foreseen note', 'aria-live': 'polite' }, 'Asking what it would do …');
  // Not given up when the page behind the dialog is drawn anew.
  get(path).then(
    (request) => (request.foreseen ? tell(box, request.foreseen) : box.replaceChildren(t(`It is ${words(request.state)}.`))),
    (problem) => box.replaceChildren(t('What it would do can’t be told now: '), say(problem.message)));
  return box;
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
