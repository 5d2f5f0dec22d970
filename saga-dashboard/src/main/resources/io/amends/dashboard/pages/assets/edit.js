// Edits JSON without losing a digit: the text is never read as numbers of this language.
import { h, say } from './dom.js';

const MOST = 20;

/** JSON on lines of its own, by its characters alone; in one pass, since it may be long. */
export function spread(json) {
  const out = [];
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '"') {
      const end = textEnd(json, i);
      out.push(json.slice(i, end));
      i = end - 1;
    } else if (c === '{' || c === '[') {
      depth += 1;
      out.push(c);
      if (!/^\s*[}\]]/.test(json.slice(i + 1, i + 20))) {
        out.push(line(depth));
      }
    } else if (c === '}' || c === ']') {
      depth -= 1;
      if (!/^[{[]$/.test(out[out.length - 1] ?? '')) {
        out.push(line(depth));
      }
      out.push(c);
    } else if (c === ',') {
      out.push(c, line(depth));
    } else if (c === ':') {
      out.push(': ');
    } else if (!/\s/.test(c)) {
      out.push(c);
    }
  }
  return out.join('');
}

/** Where the text ends that begins there. */
function textEnd(json, from) {
  for (let i = from + 1; i < json.length; i++) {
    if (json[i] === '\\') {
      i += 1;
    } else if (json[i] === '"') {
      return i + 1;
    }
  }
  return json.length;
}

const MOST_INDENT = 40;
const line = (depth) => '\n' + '  '.repeat(Math.min(Math.max(0, depth), MOST_INDENT));

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
