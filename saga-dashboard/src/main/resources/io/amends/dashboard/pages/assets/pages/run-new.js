// Plans a run: what it would do is shown first, by counting and by asking the engine, and nothing is ordered here.
import { h, code, say } from '../dom.js';
import { keys, post } from '../api.js';
import { count, plural, words } from '../format.js';
import { cutNote, empty, head, panel, phase, sagaLink, table, trouble } from '../parts.js';
import { timeField, VERBS } from '../verbs.js';
import { bulkVerbs } from '../run-parts.js';

export const title = () => 'Plan a run';

export async function draw(page) {
  if (!(page.me.permissions ?? []).includes('BULK') || page.me.readOnly || bulkVerbs(page.me).length === 0) {
    return h('div', null, head('Plan a run'), panel(null, null, empty('Not here.', page.me.readOnly ? 'The console is read only.' : 'Your role may not order things of many sagas.')));
  }
  const result = h('div', { 'aria-live': 'polite' });
  const more = h('div', { class: 'stack' });
  const keyed = keys();
  const form = h('form', { class: 'stack', 'aria-label': 'Run', onsubmit: (event) => event.preventDefault() },
    h('label', { for: 'run-q' }, 'Of which sagas'),
    h('input', { id: 'run-q', name: 'q', value: page.query.q ?? '', required: true, spellcheck: 'false', autocomplete: 'off', class: 'code' }),
    h('label', { for: 'run-verb' }, 'What is ordered'),
    h('select', { id: 'run-verb', name: 'verb', onchange: () => draw1() }, bulkVerbs(page.me).map((name) => h('option', { value: name, selected: name === page.query.verb }, VERBS[name].label))),
    more,
    h('label', { for: 'run-reason' }, 'Reason'),
    h('textarea', { id: 'run-reason', name: 'reason', maxlength: '1000', required: true }),
    h('details', null, h('summary', null, 'How fast, and when it stops'), h('div', { class: 'fields' },
      field('ramp', 'Stages (how many by the end of each, then all)', '1, 10, 100', { pattern: '\\s*(\\d+\\s*(,\\s*\\d+\\s*)*)?' }),
      field('perSecond', 'At most in a second', '10', { type: 'number', min: '0.1', max: '1000', step: 'any' }),
      field('stopRatio', 'Stops when more than this part fails', '0.2', { type: 'number', min: '0', max: '1', step: 'any' }))),
    h('p', { class: 'fields' },
      h('button', { type: 'button', onclick: (event) => preview(event.target) }, 'Preview'),
      h('button', { type: 'button', class: 'primary', onclick: (event) => plan(event.target) }, 'Plan it')),
    h('p', { class: 'hint' }, 'A planned run does nothing until somebody starts it.'));
  const draw1 = () => more.replaceChildren(h('p', { class: 'hint' }, VERBS[form.elements.verb.value].text), ...argumentFields(form.elements.verb.value, page.query));
  const values = () => {
    const { q, verb, reason, ramp, perSecond, stopRatio, ...rest } = Object.fromEntries(new FormData(form));
    const args = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')
      .map(([name, value]) => [name, name === 'to' || name === 'until' ? new Date(value).toISOString() : value]));
    return { q, verb, reason, arguments: args, ramp: ramp.split(',').map((n) => Number(n.trim())).filter((n) => n > 0), perSecond: Number(perSecond), stopRatio: Number(stopRatio) };
  };
  const during = async (button, work) => {
    button.disabled = true;
    try {
      await work();
    } catch (problem) {
      result.replaceChildren(trouble(problem));
    } finally {
      button.disabled = false;
    }
  };
  const preview = (button) => during(button, async () => {
    const { q, verb, arguments: args } = values();
    if (form.elements['run-q'].reportValidity()) {
      result.replaceChildren(foreseen(await post('runs/preview', { q, verb, arguments: args })));
    }
  });
  const plan = (button) => during(button, async () => {
    if (form.reportValidity()) {
      const run = await keyed('runs', values());
      page.go('runs/' + encodeURIComponent(run.id));
    }
  });
  draw1();
  return h('div', null, head('Plan a run'), panel(null, null, form), result);
}

function field(name, label, value, props) {
  return h('label', null, label, h('input', { name, value, ...props }));
}

function argumentFields(verb, given) {
  const text = (name, label, props) => [h('label', { for: 'arg-' + name }, label), h('input', { id: 'arg-' + name, name, autocomplete: 'off', ...props })];
  const choice = (name, label, values) => [h('label', { for: 'arg-' + name }, label), h('select', { id: 'arg-' + name, name }, values.map(([value, words]) => h('option', { value }, words)))];
  switch (verb) {
    case 'skip': return [...text('step', 'Step', { required: true }), ...choice('compensation', 'Take as done', [['false', 'its action'], ['true', 'its compensation']])];
    case 'resume-from-step': return text('step', 'Step', { required: true });
    case 'migrate': return text('version', 'Version to go on as', { type: 'number', min: '1', required: true, value: given.version ?? null });
    case 'resolve': return choice('as', 'End them as', [['COMPLETED', 'completed'], ['COMPENSATED', 'compensated']]);
    case 'pause': return timeField('until', 'Until (empty: until somebody resumes them)', null, false);
    case 'extend-deadline': return timeField('to', 'New deadline', null, true);
    default: return [];
  }
}

function foreseen(preview) {
  const dry = preview.dryRun ?? {};
  const counts = Object.entries(dry.counts ?? {});
  const asked = counts.reduce((sum, [, number]) => sum + number, 0);
  return panel(`It would take ${preview.isAll === false || preview.isAllRead === false ? 'at least ' : ''}${plural(preview.count, 'saga')}`, null,
    preview.count === 0 && h('p', null, 'Nothing matches; a run of nothing is refused.'),
    cutNote(preview.isAllRead),
    preview.isAll === false && h('p', { class: 'note bad' }, 'There are more than one run takes. It takes the first of them.'),
    counts.length > 0 && h('p', null, dry.isAll === false ? `A dry run of the first ${count(asked)} alone says: ` : 'A dry run of them says: ', counts.map(([name, number], i) => [i > 0 && ', ', h('b', null, count(number)), ` ${words(name).toLowerCase()}`]), '.'),
    (dry.sample ?? []).length > 0 && table('What would come of some of them', [
      ['Saga', (line) => sagaLink(line)], ['Result', (line) => words(line.result)], ['What it would do', (line) => say(line.text, 400), 'wide'],
    ], dry.sample),
    (preview.sample ?? []).length > 0 && table('Some of the sagas', [
      ['Saga', (line) => sagaLink(line)], ['Phase', (line) => phase(line.phase)], ['Revision', (line) => code(line.revision), 'number'],
    ], preview.sample));
}
