// From paths to pages. A page is a module with `title(params)` and `async draw(page)`, which answers an element; it is drawn
// anew when something changes, and keeps what has the focus, what is open, and `page.state`.
import { h, nameTab, replace } from './dom.js';
import { asQuery, get, Problem, see } from './api.js';
import { trouble } from './parts.js';
import { anyDialog } from './dialog.js';
import { t } from './i18n.js';

const ROUTES = [
  [/^stuck$/, [], () => import('./pages/stuck.js')],
  [/^groups$/, [], () => import('./pages/groups.js')],
  [/^sagas$/, [], () => import('./pages/search.js')],
  [/^sagas\/([^/]+)$/, ['id'], () => import('./pages/saga.js')],
  [/^outbox$/, [], () => import('./pages/outbox.js')],
  [/^messages$/, [], () => import('./pages/messages.js')],
  [/^in-doubt$/, [], () => import('./pages/in-doubt.js')],
  [/^versions$/, [], () => import('./pages/versions.js')],
  [/^charts$/, [], () => import('./pages/charts.js')],
  [/^audit$/, [], () => import('./pages/audit.js')],
  [/^runs$/, [], () => import('./pages/runs.js')],
  [/^runs\/new$/, [], () => import('./pages/run-new.js')],
  [/^runs\/([^/]+)$/, ['id'], () => import('./pages/run.js')],
  [/^approvals$/, [], () => import('./pages/approvals.js')],
  [/^approvals\/([^/]+)$/, ['id'], () => import('./pages/approval.js')],
];

/** All pages that were told of the same change ask at about the same time then, so that one answer does for all of them. */
const SOON_MS = 1200;

const base = new URL(document.baseURI);
let current = null;
let shell = null;

/** The path below the base, without the query. */
function here() {
  const path = location.pathname;
  return path.startsWith(base.pathname) ? path.slice(base.pathname.length).replace(/\/+$/, '') : '';
}

export function start(parts) {
  shell = parts;
  addEventListener('popstate', () => show(true));
  document.addEventListener('click', (event) => {
    const anchor = event.target.closest?.('a[href]');
    if (!anchor || event.defaultPrevented || event.button !== 0 || anchor.target || anchor.download !== ''
        || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    const target = new URL(anchor.href);
    const path = target.pathname.slice(base.pathname.length);
    if (target.origin === base.origin && target.pathname.startsWith(base.pathname) && ROUTES.some(([p]) => p.test(path))) {
      event.preventDefault();
      go(path, Object.fromEntries(target.searchParams));
    }
  });
  if (here() === '') {
    history.replaceState(null, '', new URL('stuck', base));
  }
  return show(true);
}

/** Goes to a page; the address tells all of it, so that it can be shared. */
export function go(path, query) {
  const target = new URL(path + asQuery(query), base);
  if (target.href !== location.href) {
    history.pushState(null, '', target);
  }
  return show(current?.path !== path);
}

async function show(isOther) {
  const path = here();
  see();
  current?.gone.abort();
  const route = ROUTES.find(([pattern]) => pattern.test(path));
  if (!route) {
    replace(shell.main, h('h1', { tabindex: '-1' }, 'No such page'),
      h('p', null, 'The console has no page at this address. The list of stuck sagas is a good start.'));
    return;
  }
  const [pattern, names, load] = route;
  const values = pattern.exec(path).slice(1).map(decodeURIComponent);
  const gone = new AbortController();
  const page = {
    path,
    params: Object.fromEntries(names.map((name, i) => [name, values[i]])),
    query: Object.fromEntries(new URLSearchParams(location.search)),
    me: shell.me,
    gone,
    signal: gone.signal,
    state: {},
    go,
    announce: shell.announce,
    refresh: (force = false) => refresh(page, force),
    refreshSoon: () => {
      page.soon ??= setTimeout(() => {
        page.soon = null;
        if (page.drawing) {
          page.refreshSoon();
        } else {
          refresh(page, false);
        }
      }, SOON_MS);
    },
  };
  current = page;
  shell.arrived(path);
  shell.busy(true);
  try {
    const module = await load().catch(refused);
    page.module = module;
    nameTab(t(module.title(page)));
    const content = await module.draw(page);
    if (current !== page) {
      return;
    }
    replace(shell.main, content);
    module.opened?.(page);
  } catch (problem) {
    if (current !== page || problem.name === 'AbortError') {
      return;
    }
    replace(shell.main, h('h1', { tabindex: '-1' }, page.module?.title(page) ?? 'Console'), trouble(problem, () => show(false)));
  } finally {
    if (current === page) {
      shell.busy(false);
    }
  }
  if (isOther) {
    scrollTo(0, 0);
    shell.main.querySelector('h1')?.focus({ preventScroll: true });
  }
}

/** A module that does not come may mean that the session has ended, which the interface then says. */
async function refused(thrown) {
  await get('me');
  throw new Problem(0, { title: 'A part of the page did not come', detail: `Load the page again. ${thrown.message}` });
}

/** Draws the page anew, unless somebody is reading out of it or writing into a dialog. */
async function refresh(page, force) {
  const busyReading = anyDialog() || !getSelection().isCollapsed || page.state.grown;
  if (current !== page || page.drawing || (busyReading && !force)) {
    return;
  }
  page.drawing = true;
  if (force) {
    see();
  }
  try {
    const content = await page.module.draw(page);
    if (current === page) {
      swap(shell.main, content);
    }
  } catch (problem) {
    if (current === page && problem.name !== 'AbortError' && force) {
      shell.main.prepend(trouble(problem));
    }
  } finally {
    page.drawing = false;
  }
}

function swap(main, content) {
  const focused = main.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.dataset.k ?? (focused?.tagName === 'H1' ? 'h1' : null);
  const open = new Map([...main.querySelectorAll('details[data-k]')].map((d) => [d.dataset.k, d.open]));
  const scrolled = scrollY;
  replace(main, content);
  main.querySelectorAll('details[data-k]').forEach((d) => { d.open = open.get(d.dataset.k) ?? d.open; });
  scrollTo(0, scrolled);
  if (key) {
    (key === 'h1' ? main.querySelector('h1') : main.querySelector(`[data-k="${CSS.escape(key)}"]`))?.focus({ preventScroll: true });
  }
}
