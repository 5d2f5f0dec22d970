// The frame of every page: who is here, where one can go, what is counted, and the keys.
import { append, brief, h, link, say, visible } from './dom.js';
import { configure, get } from './api.js';
import { cookie } from './cookies.js';
import { count } from './format.js';
import { anyDialog, open } from './dialog.js';
import { LANGUAGES, speak, t } from './i18n.js';
import { trouble } from './parts.js';
import * as live from './live.js';
import * as router from './router.js';

const NAVIGATION = [
  ['Sagas', [['stuck', 'Stuck'], ['groups', 'Failure groups'], ['sagas', 'Search'], ['versions', 'Versions', 'all'], ['charts', 'Charts', 'all']]],
  ['Messages', [['outbox', 'Outbox', 'all'], ['messages', 'Set aside', 'all'], ['in-doubt', 'In doubt', 'twopc']]],
  ['Operators', [['runs', 'Runs', 'bulk'], ['approvals', 'Approvals'], ['audit', 'Audit']]],
];
const STATES = { live: 'live', polling: 'every 10 s', away: 'no answer', paused: 'paused', starting: 'connecting' };
const THEMES = ['auto', 'light', 'dark'];

const bar = h('div', { class: 'bar', 'aria-hidden': 'true' });
const said = h('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
const main = h('main', { id: 'main', tabindex: '-1' });
const tally = h('span', { class: 'tally' });
const liveMark = h('span', { class: 'live', role: 'status' });
const find = h('input', { type: 'search', name: 'q', placeholder: 'Find: key, id, reason:…, error:"…"', 'aria-label': 'Find sagas', autocomplete: 'off', spellcheck: 'false' });

let begun = false;

theme(stored('theme') ?? 'auto');
begin();

async function begin() {
  configure({ onSessionEnd: sessionEnded });
  await speak(stored('language') ?? 'auto').catch(() => {});
  ['placeholder', 'aria-label'].forEach((name) => find.setAttribute(name, t(find.getAttribute(name))));
  let me;
  try {
    me = await get('me');
  } catch (problem) {
    if (problem.status !== 401) {
      document.body.append(h('main', null, h('h1', null, 'Amends console'), trouble(problem, () => location.reload())));
    }
    return;
  }
  begun = true;
  configure({ csrf: me.csrf });
  frame(me);
  live.onState((state) => {
    liveMark.dataset.state = state;
    liveMark.textContent = t(STATES[state]);
  });
  live.onCounts((counts) => {
    tally.textContent = `${counts.isAll === false ? '≥ ' : ''}${count(counts.total)}`;
    tally.className = counts.total === 0 ? 'tally' : 'tally some';
  });
  live.start();
  await router.start({ main, me, announce, busy: (on) => bar.classList.toggle('on', on), arrived });
}

function frame(me) {
  append(document.body, [
    bar,
    h('a', { class: 'skip', href: location.href, onclick: (event) => {
      event.preventDefault();
      main.focus();
    } }, 'Skip to the page'),
    h('header', { class: 'top' },
      link('stuck', { class: 'brand' }, h('img', { src: 'assets/icon.svg', alt: '', width: '26', height: '26' }),
        h('span', null, 'Amends', h('small', null, say(me.application, 40)))),
      h('form', { class: 'find', role: 'search', 'aria-label': 'Console', onsubmit: (event) => {
        event.preventDefault();
        router.go('sagas', { q: find.value.trim() });
      } }, find),
      h('div', { class: 'end' },
        me.tenants && tenants(me.tenants),
        me.readOnly && h('span', { class: 'badge' }, 'Read only'),
        liveMark,
        h('button', { type: 'button', class: 'small', onclick: nextTheme, id: 'theme' }, themeText()),
        h('button', { type: 'button', class: 'small', onclick: nextLanguage, id: 'language' }, `Language: ${stored('language') ?? 'auto'}`),
        h('button', { type: 'button', class: 'small', onclick: help }, 'Keys'),
        h('span', { class: 'who' }, h('b', null, say(me.actor, 60)), ' ', (me.roles ?? []).map((role) => brief(role).toLowerCase()).join(', ')),
        me.features?.logout && h('form', { method: 'post', action: 'logout', onsubmit: (event) => {
          event.target.querySelector('input').value = cookie('XSRF-TOKEN') ?? me.csrf.token;
        } }, h('input', { type: 'hidden', name: '_csrf' }), h('button', { type: 'submit', class: 'small' }, 'Log out')))),
    h('div', { class: 'side' }, h('nav', { 'aria-label': 'Console' }, NAVIGATION.map(([title, all]) => [title,
      all.filter(([, , feature]) => !feature || (me.features ?? {})[feature] !== false)]).filter(([, pages]) => pages.length > 0).map(([title, pages]) => [
      h('h2', null, title),
      h('ul', null, pages.map(([path, text]) =>
        h('li', null, link(path, { 'data-page': path }, text, path === 'stuck' && tally)))),
    ]))),
    main,
    said,
  ]);
  document.addEventListener('keydown', keys);
}

/** Whose sagas are shown, where that is not everybody’s. */
function tenants(names) {
  const shown = names.length === 0 ? 'no tenant' : names.slice(0, 3).map((name) => brief(name)).join(', ') + (names.length > 3 ? ', …' : '');
  return h('span', { class: 'badge', 'data-k': 'tenants', title: names.map((name) => brief(name)).join(', ') || null }, names.length === 1 ? 'Tenant: ' : 'Tenants: ', h('bdi', null, shown));
}

function arrived(path) {
  document.querySelectorAll('.side a').forEach((a) => {
    const here = a.dataset.page === path.split('/')[0];
    if (here) {
      a.setAttribute('aria-current', 'page');
    } else {
      a.removeAttribute('aria-current');
    }
  });
  find.value = path === 'sagas' ? new URLSearchParams(location.search).get('q') ?? '' : '';
}

function announce(text) {
  said.textContent = '';
  setTimeout(() => { said.textContent = visible(t(String(text).slice(0, 500))); }, 50);
}

/**
 * The login comes back to this very address, because the server keeps what was asked for. A page that is refused right
 * after it was loaded is not loaded again and again.
 */
function sessionEnded(method) {
  live.stop();
  const last = Number(sessionStorage.getItem('amends.refused') ?? 0);
  if (method === 'GET' && !anyDialog() && (begun || Date.now() - last > 10_000)) {
    if (!begun) {
      sessionStorage.setItem('amends.refused', String(Date.now()));
    }
    location.reload();
  } else if (!document.querySelector('.ended')) {
    const note = h('div', { class: 'note bad ended', role: 'alert' }, h('p', null, h('b', null, 'Your session has ended.'), ' ',
      h('button', { type: 'button', class: 'small', onclick: () => location.reload() }, 'Log in again')));
    (document.querySelector('dialog[open] .said') ?? main).prepend(note);
    if (!main.isConnected) {
      document.body.append(main);
    }
  }
}

function keys(event) {
  const field = event.target.closest?.('input, select, textarea, [contenteditable]');
  if (event.ctrlKey || event.metaKey || event.altKey || field || anyDialog() || stored('keys') === 'off') {
    return;
  }
  switch (event.key) {
    case '/': find.focus(); find.select(); break;
    case 'j': step(1); break;
    case 'k': step(-1); break;
    case '?': help(); break;
    default: return;
  }
  event.preventDefault();
}

function step(by) {
  const rows = [...main.querySelectorAll('[data-row]')];
  const at = rows.indexOf(document.activeElement);
  const next = rows[at === -1 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function help() {
  const off = stored('keys') === 'off';
  const dialog = open('Keys', h('div', { class: 'inside' },
    h('h2', null, 'Keys'),
    h('dl', { class: 'pairs' }, [['/', 'find'], ['j', 'next row'], ['k', 'row before'], ['Enter', 'open the row'], ['Esc', 'close a dialog'], ['?', 'this list']]
      .map(([key, text]) => [h('dt', null, h('kbd', null, key)), h('dd', null, text)])),
    h('div', { class: 'foot' },
      h('button', { type: 'button', onclick: () => { store('keys', off ? 'on' : 'off'); dialog.close(); } }, off ? 'Switch keys on' : 'Switch keys off'),
      h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, 'Close'))));
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(stored('theme') ?? 'auto') + 1) % THEMES.length];
  store('theme', next);
  theme(next);
  document.getElementById('theme').textContent = t(themeText());
}

function nextLanguage() {
  store('language', LANGUAGES[(LANGUAGES.indexOf(stored('language') ?? 'auto') + 1) % LANGUAGES.length]);
  location.reload();
}

const themeText = () => `Colours: ${stored('theme') ?? 'auto'}`;

function theme(name) {
  if (name === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = name;
  }
}

function stored(name) {
  try {
    return localStorage.getItem('amends.' + name);
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    localStorage.setItem('amends.' + name, value);
  } catch {
    // Then it holds for this page only.
  }
}
