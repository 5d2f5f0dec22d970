// The only place that makes elements. Text becomes text nodes; nothing is ever parsed as HTML.
import { t } from './i18n.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element: `on…` are listeners, `vars` custom properties, the rest attributes; null and false are left out. */
export function h(tag, props, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** An SVG element. */
export function svg(tag, props, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'vars') {
      Object.entries(value).forEach(([key, number]) => element.style.setProperty(key, number));
    } else {
      element.setAttribute(name, value === true ? '' : SPOKEN.has(name) ? t(String(value)) : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Attributes that are read to people. */
const SPOKEN = new Set(['aria-label', 'data-label', 'placeholder', 'title']);
/** What stands in these is what somebody or something said: it is not translated. */
const VERBATIM = new Set(['bdi', 'code', 'pre', 'kbd', 'textarea']);

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) {
      continue;
    }
    element.append(child instanceof Node ? child : document.createTextNode(visible(VERBATIM.has(element.localName) ? child : t(child))));
  }
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** The text with what would be invisible, or would turn text around, made visible; with `lines`, line breaks stay. */
export function visible(text, lines = false) {
  return String(text).replace(CONTROL, (c) => {
    const code = c.codePointAt(0);
    if (lines && (c === '\n' || c === '\t')) {
      return c;
    }
    if (code < 0x20) {
      return String.fromCodePoint(0x2400 + code);
    }
    return code === 0x7f ? '\u2421' : '\u27e8U+' + code.toString(16).toUpperCase().padStart(4, '0') + '\u27e9';
  });
}

/** The same, cut for where there is little room. */
export const brief = (text) => visible(String(text).slice(0, 80));

/** What the tab is called; what others wrote is cut, and does not turn it around. */
export function nameTab(text) {
  document.title = `${brief(text)} · ${t('Amends console')}`;
}

const MOST_INLINE = 400;
const MOST_BLOCK = 64 * 1024;

/** Text that others wrote, in a line: its direction is its own, and it is cut when it is very long. */
export function say(text, most = MOST_INLINE) {
  if (text === null || text === undefined || text === '') {
    return h('span', { class: 'none' }, '–');
  }
  const whole = String(text);
  const shown = whole.length > most ? whole.slice(0, most) + '…' : whole;
  return h('bdi', { dir: 'auto' }, shown);
}

/** The same in code letters, for ids, topics and names. */
export function code(text, most = MOST_INLINE) {
  return text === null || text === undefined || text === '' ? say(text) : h('code', null, say(text, most));
}

/** A longer text that others wrote, in a box that scrolls; JSON is laid out. */
export function block(text, label) {
  if (text === null || text === undefined || text === '') {
    return h('p', { class: 'none' }, 'Nothing.');
  }
  const whole = laidOut(String(text));
  const cut = whole.length > MOST_BLOCK;
  return h('div', { class: 'block' },
    h('pre', { tabindex: '0', role: 'region', 'aria-label': label, dir: 'auto' },
      document.createTextNode(visible(cut ? whole.slice(0, MOST_BLOCK) : whole, true))),
    cut && h('p', { class: 'quiet' },
      `The first ${MOST_BLOCK.toLocaleString('en')} of ${whole.length.toLocaleString('en')} characters are shown.`));
}

function laidOut(text) {
  if (text.length > MOST_BLOCK || !/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A part of a path; half of a character, which no address can have, becomes a sign that something is missing. */
export const part = (text) => encodeURIComponent(String(text).toWellFormed());

/** A link to a page of the console, by its path below the base. */
export function link(path, props, ...children) {
  return h('a', { href: path, ...props }, ...children);
}

/** A link that leaves the console; anything but http, https and this host's own paths is shown as text. */
export function away(url, ...children) {
  let target = null;
  try {
    target = new URL(url, document.baseURI);
  } catch {
    // Shown as text below.
  }
  return target && (target.protocol === 'https:' || target.protocol === 'http:')
    ? h('a', { href: target.href, rel: 'noreferrer noopener', target: '_blank' }, ...children)
    : say(url);
}
