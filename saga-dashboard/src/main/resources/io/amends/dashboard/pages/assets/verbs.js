// Orders about one saga: what they do, their forms, and what truly came of them.
import { brief, h, say } from './dom.js';
import { get, keys, post, Problem } from './api.js';
import { differences, jsonField, spread } from './edit.js';
import { form, reasonField } from './dialog.js';
import { utc } from './format.js';
import { t } from './i18n.js';

export const VERBS = {
  retry: { label: 'Retry', submit: 'Retry it', text: 'Tries again now what is open or failed. Commands keep their keys, so that each has its effect once.' },
  'edit-and-retry': { label: 'Edit and retry', submit: 'Store it and retry', grave: true, text: 'Puts other data in the place of the saga’s, and tries again what is open or failed. Commands are made of the new data and keep their keys: what a participant has done with the former data it does not do again.' },
  'resume-from-step': { label: 'Go on from a step', submit: 'Go on from there', grave: true, text: 'Goes on from a step, which is asked again, and what follows it too.' },
  reopen: { label: 'Reopen', submit: 'Reopen it', grave: true, text: 'Takes up again what somebody ended by hand.' },
  skip: { label: 'Skip a step', submit: 'Skip the step', grave: true, text: 'Takes a step as done, or its compensation as done by other means. Nothing is sent for it any more.' },
  compensate: { label: 'Compensate', submit: 'Compensate it', grave: true, text: 'Turns the saga back: what has, or may have, had an effect is compensated.' },
  pause: { label: 'Pause', submit: 'Pause it', text: 'Lets nothing new begin. What was sent already goes on.' },
  resume: { label: 'Resume', submit: 'Resume it', text: 'Ends the pause; what is open goes on.' },
  'extend-deadline': { label: 'Extend deadline', submit: 'Extend it', text: 'Moves the deadline, so that the saga may take longer.' },
  migrate: { label: 'Move to a version', submit: 'Move it', grave: true, text: 'Lets the saga go on as another version of its definition. Refused unless what it did until now means the same there.' },
  resolve: { label: 'End by hand', submit: 'End it', grave: true, text: 'Ends the saga as it is. Nothing is sent, and nothing is compensated: whatever is left has to be put right elsewhere.' },
};

const PRIMARY = ['retry', 'resume'];

/** The buttons of those verbs that this viewer may use now; none if nothing may be changed. */
export function verbButtons(page, saga, onOrdered) {
  const names = page.me.readOnly ? [] : (saga.verbs ?? []).filter((name) => VERBS[name]);
  return names.length > 0 && h('div', { class: 'verbs', role: 'group', 'aria-label': 'Orders' }, names.map((name) => h('button', {
    type: 'button', 'data-verb': name, 'data-k': 'verb-' + name,
    class: PRIMARY.includes(name) ? 'primary' : VERBS[name].grave ? 'grave' : null,
    onclick: () => ask(page, saga, name, onOrdered),
  }, VERBS[name].label + (takesMore(name) ? ' …' : ''))));
}

const takesMore = (name) => !PRIMARY.includes(name);

async function ask(page, saga, name, onOrdered) {
  let data = null;
  if (name === 'edit-and-retry') {
    try {
      ({ data } = await get(`sagas/${encodeURIComponent(saga.sagaId)}/data`, null, page.signal));
    } catch (problem) {
      page.announce(problem.message);
      return;
    }
  }
  const verb = VERBS[name];
  const foreseen = h('p', { class: 'foreseen note', 'aria-live': 'polite' }, 'Asking what it would do …');
  const keyed = keys();
  const dialog = form({
    title: `${verb.label}: ${saga.key}`,
    about: [h('p', { class: 'hint' }, verb.text), needsSecond(page, name) && h('p', { class: 'hint' }, 'A second person has to approve it.'), foreseen],
    fields: [data !== null && jsonField('data', 'Data of the saga', spread(data)), fieldsOf(name, saga), reasonField()],
    submit: verb.submit,
    grave: verb.grave,
    order: async (values) => {
      try {
        onOrdered(name, await keyed(`sagas/${encodeURIComponent(saga.sagaId)}/${name}`, bodyOf(name, values), saga.revision));
        return null;
      } catch (problem) {
        if (problem.code === 'CHANGED_SINCE') {
          return h('div', { class: 'note bad', role: 'alert' },
            h('p', null, h('b', null, 'Somebody or something was faster. Nothing was done.')),
            h('p', null, say(problem.message, 2000)),
            h('p', null, h('button', { type: 'button', onclick: () => { dialog.close(); page.refresh(true); } }, 'Look again')));
        }
        throw problem;
      }
    },
  });
  foresee(saga, name, dialog, foreseen);
  dialog.addEventListener('change', () => foresee(saga, name, dialog, foreseen));
}

function needsSecond(page, name) {
  return (page.me.fourEyes ?? []).includes(name);
}

/** An answer to what was asked before what stands there now is not shown. */
async function foresee(saga, name, dialog, box) {
  const turn = String(Number(box.dataset.turn ?? 0) + 1);
  box.dataset.turn = turn;
  try {
    const { reason, ...asked } = bodyOf(name, Object.fromEntries(new FormData(dialog.querySelector('form'))));
    if (name === 'extend-deadline' && !asked.to) {
      box.textContent = t('Say until when; then it is told here what that would do.');
      return;
    }
    // Not given up when the page behind the dialog is drawn anew.
    const seen = await post(`sagas/${encodeURIComponent(saga.sagaId)}/${name}/foresee`, asked, { asks: true });
    if (box.dataset.turn !== turn) {
      return;
    }
    tell(box, seen);
  } catch (problem) {
    if (box.dataset.turn === turn) {
      box.replaceChildren(t('What it would do can’t be told now: '), say(problem.message));
    }
  }
}

/** What an order would do, or why it would be refused. */
export function tell(box, seen) {
  const isDone = seen.result === 'DONE';
  box.className = isDone ? 'foreseen note' : 'foreseen note bad';
  box.replaceChildren(h('b', null, isDone ? 'It would do this: ' : 'It would be refused: '), say(seen.text, 2000), differences(seen.changes ?? []) || '');
  return box;
}

function bodyOf(name, values) {
  const body = { reason: values.reason };
  if (name === 'skip') {
    Object.assign(body, { step: values.step, compensation: values.kind === 'compensation' });
    if (values.result?.trim()) {
      Object.assign(body, { result: json(values.result), resultType: values.resultType });
    }
  } else if (name === 'edit-and-retry') {
    body.data = values.data;
  } else if (name === 'resume-from-step') {
    body.step = values.step;
  } else if (name === 'migrate') {
    body.version = Number(values.version);
  } else if (name === 'resolve') {
    body.as = values.as;
  } else if (name === 'pause' && values.until) {
    body.until = new Date(values.until).toISOString();
  } else if (name === 'extend-deadline' && values.to) {
    body.to = new Date(values.to).toISOString();
  }
  return body;
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch (wrong) {
    throw new Problem(0, { title: 'The result is no JSON', detail: `Nothing was ordered. ${wrong.message}` });
  }
}

function fieldsOf(name, saga) {
  switch (name) {
    case 'skip': return skipFields(saga);
    case 'resume-from-step': return stepField(saga);
    case 'migrate': return [h('label', { for: 'order-version' }, 'Version'),
      h('select', { id: 'order-version', name: 'version' }, [...saga.otherVersions ?? []].reverse().map((version) => h('option', { value: version }, `v${version}`)))];
    case 'resolve': return [h('fieldset', null, h('legend', null, 'End it as'),
      radio('as', 'COMPLETED', 'completed: everything was done', true), radio('as', 'COMPENSATED', 'compensated: everything was undone'))];
    case 'pause': return [timeField('until', 'Until (empty: until somebody resumes it)', null, false)];
    case 'extend-deadline': return [timeField('to', 'New deadline', saga.deadlineAt, true)];
    default: return [];
  }
}

function skipFields(saga) {
  const steps = saga.steps ?? [];
  const at = steps.find((step) => /^(COMPENSATION_FAILED|COMPENSATING|UNKNOWN|SENT)$/.test(step.status)) ?? steps[0];
  const back = /^COMPENSAT/.test(at?.status ?? '');
  return [
    stepField(saga, at),
    h('fieldset', null, h('legend', null, 'Take as done'),
      radio('kind', 'action', 'its action', !back), radio('kind', 'compensation', 'its compensation', back)),
    h('details', null, h('summary', null, 'Give it a result'),
      h('div', { class: 'stack' },
        h('label', { for: 'skip-type' }, 'Type of the result'),
        h('input', { id: 'skip-type', name: 'resultType', autocomplete: 'off' }),
        h('label', { for: 'skip-result' }, 'Result as JSON'),
        h('textarea', { id: 'skip-result', name: 'result', class: 'code', spellcheck: 'false' }))),
  ];
}

function stepField(saga, at) {
  return [
    h('label', { for: 'order-step' }, 'Step'),
    h('select', { id: 'order-step', name: 'step' }, (saga.steps ?? []).map((step) => h('option', { value: step.name, selected: step === at }, brief(step.name)))),
  ];
}

function radio(name, value, text, checked = false) {
  return h('label', null, h('input', { type: 'radio', name, value, checked }), text);
}

/** A point in time in the browser’s own zone; `value` is an instant or nothing. */
export function timeField(name, label, value, required) {
  const id = 'order-' + name;
  return [
    h('label', { for: id }, label),
    h('input', { id, name, type: 'datetime-local', step: '1', required, value: value ? local(value) : null, 'aria-describedby': id + '-hint' }),
    h('p', { class: 'hint', id: id + '-hint' }, `In this browser’s time zone (${Intl.DateTimeFormat().resolvedOptions().timeZone}); it is ${utc(new Date())} UTC now.`),
  ];
}

function local(instant) {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) {
    return null;
  }
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** A dialog for an order that has a reason, unless one was given before, and little else. */
export function orderDialog(page, { title, text, about, submit, grave, path, fields = [], says = true, body = (values) => values, revision, done }) {
  const keyed = keys();
  return form({
    title, grave, submit,
    about: [h('p', { class: 'hint' }, text), about],
    fields: [fields, says && reasonField('Why? It goes into the audit.')],
    order: async (values) => {
      const answer = await keyed(path, body(values), revision);
      page.announce(`${submit}: done.`);
      await (done ? done(answer) : page.refresh(true));
      return null;
    },
  });
}
