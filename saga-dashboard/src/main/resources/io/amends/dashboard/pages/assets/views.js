// Searches that are kept under a name: the list, and the dialogs that save, change and delete.
import { brief, code, h, link, say } from './dom.js';
import { asQuery, get } from './api.js';
import { badge, panel, table, trouble } from './parts.js';
import { orderDialog } from './verbs.js';

const may = (page, permission) => (page.me.permissions ?? []).includes(permission) && !page.me.readOnly;
const mayShare = (page) => may(page, 'OPERATE') && page.me.features?.all !== false;

/** The button that saves what is searched for now; nothing where nobody changes anything. */
export function saving(page, q) {
  return may(page, 'VIEW') && q && h('button', { type: 'button', 'data-k': 'save-view', onclick: () => save(page, q) }, 'Save this search …');
}

/** All views that somebody sees; nothing if there is none. A list that can't be read does not keep anybody from searching. */
export async function list(page) {
  let views;
  try {
    ({ views } = await get('views', null, page.signal));
  } catch (problem) {
    if (problem.name === 'AbortError' || problem.status === 401) {
      throw problem;
    }
    return panel('Saved searches', { 'aria-label': 'Saved searches' }, trouble(problem));
  }
  if (!views?.length) {
    return null;
  }
  return panel(null, null, h('details', { 'data-k': 'views', open: !page.query.q },
    h('summary', null, `Saved searches (${views.length})`),
    table('Yours first, then those for all', [
      ['Name', (view) => link('sagas' + asQuery({ q: view.q }), { 'data-row': true, 'data-k': 'view-' + view.id, 'aria-current': view.q === page.query.q ? 'true' : null }, say(view.name, 80))],
      ['Searches for', (view) => code(view.q, 200), 'wide'],
      ['For', (view) => (view.shared ? [badge('all'), h('span', { class: 'two' }, 'by ', say(view.changedBy, 60))] : badge('you alone'))],
      ...(may(page, 'VIEW') ? [['', (view) => orders(page, view)]] : []),
    ], views, { hidden: true })));
}

function orders(page, view) {
  if (view.shared && !mayShare(page)) {
    return null;
  }
  const name = brief(view.name);
  return h('span', { class: 'fields' },
    h('button', { type: 'button', class: 'small', 'data-k': 'change-' + view.id, 'aria-label': `Change ${name}`, onclick: () => change(page, view) }, 'Change …'),
    h('button', { type: 'button', class: 'small', 'data-k': 'delete-' + view.id, 'aria-label': `Delete ${name}`, onclick: () => remove(page, view) }, 'Delete …'));
}

function fields(name, q) {
  return [
    h('label', { for: 'view-name' }, 'Name'),
    h('input', { id: 'view-name', name: 'name', required: true, maxlength: '80', autocomplete: 'off', value: name }),
    h('label', { for: 'view-q' }, 'Searches for'),
    h('input', { id: 'view-q', name: 'q', required: true, maxlength: '2000', autocomplete: 'off', spellcheck: 'false', class: 'code', value: q }),
  ];
}

/** Only where all see it; who keeps it for themselves is not asked why. */
function why() {
  return [
    h('label', { for: 'view-reason' }, 'Reason'),
    h('input', { id: 'view-reason', name: 'reason', maxlength: '1000', autocomplete: 'off', required: true, 'aria-describedby': 'view-reason-hint' }),
    h('p', { class: 'hint', id: 'view-reason-hint' }, 'All see this search. The reason goes into the audit.'),
  ];
}

function save(page, q) {
  const reason = h('div', { class: 'stack', hidden: true }, why());
  const asked = reason.querySelector('input');
  asked.disabled = true;
  const shared = h('input', { type: 'checkbox', name: 'shared', value: 'true', onchange: (event) => {
    reason.hidden = !event.target.checked;
    asked.disabled = !event.target.checked;
  } });
  orderDialog(page, {
    title: 'Save this search',
    text: 'It is listed on this page, and opened by its name.',
    submit: 'Save it',
    path: 'views',
    says: false,
    fields: [fields('', q), mayShare(page) && [h('label', null, shared, 'For all who use the console'), reason]],
    body: (values) => ({ ...values, shared: values.shared === 'true' }),
  });
}

function change(page, view) {
  orderDialog(page, {
    title: `Change: ${brief(view.name)}`,
    text: 'Its name, or what it searches for.',
    submit: 'Change it',
    path: 'views/' + encodeURIComponent(view.id),
    revision: view.revision,
    says: false,
    fields: [fields(view.name, view.q), view.shared && why()],
  });
}

function remove(page, view) {
  orderDialog(page, {
    title: `Delete: ${brief(view.name)}`,
    text: view.shared ? 'Nobody can open it by its name then.' : 'You can’t open it by its name then.',
    submit: 'Delete it',
    grave: true,
    path: `views/${encodeURIComponent(view.id)}/delete`,
    revision: view.revision,
    says: false,
    fields: view.shared ? why() : [],
  });
}
