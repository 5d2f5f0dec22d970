// What one operator asked for and a second one decides.
import { h, say } from '../dom.js';
import { get } from '../api.js';
import { when, words } from '../format.js';
import { badge, empty, head, idLink, panel, table } from '../parts.js';
import { orderDialog } from '../verbs.js';
import { onTick } from '../live.js';

export const title = () => 'Approvals';

const TONES = { OPEN: 'medium', APPROVED: 'good', DECLINED: 'high', EXPIRED: undefined, WITHDRAWN: undefined };

export async function draw(page) {
  const { requests = [] } = await get('approvals', null, page.signal);
  const open = requests.filter((request) => request.state === 'OPEN');
  const over = requests.filter((request) => request.state !== 'OPEN');
  return h('div', null,
    head('Approvals', 'Two people for what can’t be taken back'),
    panel('Waiting for a second person', null, open.length === 0
      ? empty('Nothing waits for approval.', (page.me.fourEyes ?? []).length === 0 ? 'No order needs a second person here.' : `These need one: ${page.me.fourEyes.map(words).join(', ')}.`)
      : table('Requests', [...columns, ...orders(page)], open, { hidden: true })),
    over.length > 0 && panel('Decided', null, table('Decided requests', [...columns, ['State', (request) => badge(words(request.state), TONES[request.state])], ['By', (request) => say(request.decidedBy)]], over, { hidden: true })));
}

const columns = [
  ['Order', (request) => h('span', null, h('b', null, words(verbName(request))), h('span', { class: 'two' },
    Object.entries(request.arguments ?? {}).map(([name, value]) => h('span', null, say(name, 40), ': ', say(value, 200), ' '))))],
  ['Saga', (request) => idLink(request.sagaId)],
  ['Asked by', (request) => h('span', null, say(request.askedBy?.name ?? request.askedBy), h('span', { class: 'two' }, when(request.askedAt)))],
  ['Why', (request) => say(request.reason, 600), 'wide'],
  ['Until', (request) => when(request.expiresAt), 'tight'],
];

const verbName = (request) => (typeof request.verb === 'object' ? request.verb.name ?? '' : request.verb);

function orders(page) {
  const may = (page.me.permissions ?? []).includes('APPROVE') && !page.me.readOnly;
  const mine = (request) => String(request.askedBy?.name ?? request.askedBy).toLowerCase() === page.me.actor.toLowerCase();
  const button = (request, verb, label, text, grave, says = true) => h('button', {
    type: 'button', class: grave ? 'small grave' : 'small', 'data-k': `${verb}-${request.id}`,
    onclick: () => orderDialog(page, { title: `${label}: ${words(verbName(request))}`, text, submit: label, grave, says, path: `approvals/${encodeURIComponent(request.id)}/${verb}` }),
  }, label);
  return [['', (request) => h('span', { class: 'fields' },
    may && !mine(request) && button(request, 'approve', 'Approve', 'It is carried out at once, if the saga is still as it was when it was asked for.', false, false),
    may && !mine(request) && button(request, 'decline', 'Decline', 'It is not carried out.', true),
    mine(request) && !page.me.readOnly && button(request, 'withdraw', 'Withdraw', 'You take it back; it is not carried out.', true)), 'tight']];
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
