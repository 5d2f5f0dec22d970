// Edits JSON without losing a digit: the text is never read as numbers of this language.
import { h, say } from './dom.js';

const MOST = 20;

/** JSON on lines of its own, by its characters alone. */
export function spread(json) {
  let out = '';
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (inText) {
      out += c;
      if (c === '\\') {
        out += json[++i] ?? '';
      } else if (c === '"') {
        inText = false;
      }
    } else if (c === '"') {
      inText = true;
      out += c;
    } else if (c === '{' || c === '[') {
      const empty = /^\s*[}\]]/.test(json.slice(i + 1, i + 20));
      depth += 1;
      out += empty ? c : c + line(depth);
    } else if (c === '}' || c === ']') {
      depth -= 1;
      out += /[{[]$/.test(out) ? c : line(depth) + c;
    } else if (c === ',') {
      out += c + line(depth);
    } else if (c === ':') {
      out += ': ';
    } else if (!/\s/.test(c)) {
      out += c;
    }
  }
  return out;
}

const line = (depth) => '\n' + '  '.repeat(Math.max(0, depth));

/** What an edit changes, place by place. */
export function differences(changes) {
  const shown = changes.slice(0, MOST);
  return shown.length > 0 && h('dl', { class: 'pairs diff' }, shown.map((change) => [
    h('dt', null, say(change.at, 200)),
    h('dd', null, change.before !== null && change.before === change.after
      ? h('i', null, 'changed; what it was and what it will be is masked')
      : change.before === null ? ['nothing → ', h('ins', null, say(change.after, 300))]
        : [h('del', null, say(change.before, 300)), ' → ', change.after === null ? 'nothing' : h('ins', null, say(change.after, 300))]),
  ]), changes.length > MOST && [h('dt', null, 'more'), h('dd', null, String(changes.length - MOST))]);
}

/** The field with the JSON, each character as it is: what is shown as a symbol elsewhere would be stored as one; what stands there masked stays what it is. */
export function jsonField(name, label, text) {
  return [
    h('label', { for: 'edit-' + name }, label),
    h('textarea', { id: 'edit-' + name, name, class: 'code tall', spellcheck: 'false', 'aria-describedby': `edit-${name}-hint` }, document.createTextNode(text)),
    h('p', { class: 'hint', id: `edit-${name}-hint` }, 'What is masked (***) stays what it is, unless you write something else there.'),
  ];
}
