// Who did what, when, why, and what came of it.
import { h } from '../dom.js';
import { asQuery, get } from '../api.js';
import { empty, growing, head, panel, queryForm, table, trouble } from '../parts.js';
import { auditColumns } from './saga.js';

export const title = () => 'Audit';

const FIELDS = [
  ['actor', 'Who', { autocomplete: 'off' }], ['verb', 'Order', { autocomplete: 'off' }], ['saga', 'Saga’s id', { autocomplete: 'off' }], ['run', 'Run’s id', { autocomplete: 'off' }],
  ['from', 'From (UTC)', { placeholder: '2026-01-31T12:00:00Z' }], ['before', 'Before (UTC)', { placeholder: '2026-02-01T00:00:00Z' }],
];

export async function draw(page) {
  const filter = Object.fromEntries(FIELDS.map(([name]) => [name, page.query[name]]));
  const load = async (after) => {
    const answer = await get('audit', { ...filter, after, size: 100 }, page.signal);
    return { rows: answer.lines, next: answer.next };
  };
  const form = panel(null, null, queryForm(page, FIELDS, 'Lines'));
  let first;
  try {
    first = await load(null);
  } catch (problem) {
    if (problem.status !== 400) {
      throw problem;
    }
    return h('div', null, head('Audit', 'Nobody can change it'), form, trouble(problem));
  }
  const may = (page.me.permissions ?? []).includes('EXPORT_AUDIT');
  const file = (format) => h('a', { class: 'button', download: `audit.${format}`, href: 'api/v1/audit/export' + asQuery({ ...filter, format }) }, `Export ${format.toUpperCase()}`);
  return h('div', null,
    head('Audit', 'Nobody can change it', may && file('csv'), may && file('jsonl')),
    form,
    panel(null, { 'aria-label': 'Lines' }, first.rows.length === 0
      ? empty('No line.', 'Nobody has ordered anything like that.')
      : growing(first, load, (rows) => table('The latest first', auditColumns(true), rows), page)));
}
