// Dialogs: one at a time, closed by Escape, focus goes back to where it was.
import { h, visible } from './dom.js';
import { trouble } from './parts.js';

export function anyDialog() {
  return document.querySelector('dialog[open]') !== null;
}

/** Opens a dialog with that content; closing it removes it. */
export function open(label, ...content) {
  const before = document.activeElement;
  const dialog = h('dialog', { 'aria-label': label, onclose: () => {
    dialog.remove();
    if (before?.isConnected) {
      before.focus({ preventScroll: true });
    } else if (document.activeElement === document.body && before?.dataset?.k) {
      // The page was drawn anew meanwhile, with another element in its place.
      const again = document.querySelector(`[data-k="${CSS.escape(before.dataset.k)}"]`) ?? document.getElementById('main');
      again?.focus({ preventScroll: true });
    }
  } }, ...content);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * A form in a dialog. `fields` are elements; `order(values)` does it and answers what is to be said then, or nothing to close.
 * What goes wrong is told in the dialog, which stays.
 */
export function form({ title: whole, about, fields = [], submit, grave = false, order }) {
  const title = visible(whole.slice(0, 120));
  const said = h('div', { class: 'said', 'aria-live': 'polite' });
  const button = h('button', { type: 'submit', class: grave ? 'grave' : 'primary' }, submit);
  const dialog = open(title, h('form', {
    method: 'dialog', class: 'stack',
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      said.replaceChildren();
      try {
        const values = Object.fromEntries(new FormData(event.target));
        const after = await order(values);
        if (after) {
          said.replaceChildren(after);
        } else {
          dialog.close();
        }
      } catch (problem) {
        said.replaceChildren(trouble(problem));
      } finally {
        button.disabled = false;
      }
    },
  },
  h('h2', null, h('bdi', null, title)), about, fields, said,
  h('div', { class: 'foot' },
    h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), button)));
  return dialog;
}

/** The reason that every order has. */
export function reasonField(hint = 'Why? It goes into the audit and into the saga’s history.') {
  return [
    h('label', { for: 'order-reason' }, 'Reason'),
    h('textarea', { id: 'order-reason', name: 'reason', required: true, maxlength: '1000', 'aria-describedby': 'order-reason-hint' }),
    h('p', { class: 'hint', id: 'order-reason-hint' }, hint),
  ];
}
