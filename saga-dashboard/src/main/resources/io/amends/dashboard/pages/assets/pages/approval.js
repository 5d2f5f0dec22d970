// One request for a second person: who wants what, why, and what approving it would do.
import { h, link, nameTab, say } from '../dom.js';
import { get } from '../api.js';
import { clock, when, words } from '../format.js';
import { t } from '../i18n.js';
import { head, idLink, pairs, panel } from '../parts.js';
import { tell } from '../verbs.js';
import { onTick } from '../live.js';
import { argumentsOf, asker, decisions, requestState, verbName } from './approvals.js';

export const title = (page) => (page.state.verb ? `Request: ${words(page.state.verb)}` : 'Request');

export async function draw(page) {
  const request = await get('approvals/' + encodeURIComponent(page.params.id), null, page.signal);
  page.state.verb = verbName(request);
  nameTab(t(title(page)));
  const decision = decisions(page, request, () => page.refresh(true));
  return h('div', null,
    head(title(page), requestState(request.state)),
    request.foreseen && panel('What approving it does', null, tell(h('div', { 'data-k': 'foreseen' }), request.foreseen),
      decision.hasChildNodes() ? decision : h('p', { class: 'quiet' }, 'Somebody who may approve, and did not ask for it, decides.')),
    panel('About it', null, pairs([
      ['Saga', idLink(request.sagaId)],
      argumentsOf(request).length > 0 && ['With', argumentsOf(request)],
      ['Why', say(request.reason, 2000)],
      ['Asked by', h('span', null, say(asker(request)), ' ', when(request.askedAt))],
      request.state === 'OPEN' ? ['Can be approved until', h('span', null, clock(request.expiresAt), ' UTC')] : ['Decided by', say(request.decidedBy)],
      ['Audit', link('audit?saga=' + encodeURIComponent(request.sagaId), null, 'what was ordered of the saga')],
    ])));
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
