// Which versions of definitions still have work, and which processes can do it.
import { h, code, link, say } from '../dom.js';
import { asQuery, get } from '../api.js';
import { age, clock, count } from '../format.js';
import { badge, empty, head, panel, table } from '../parts.js';
import { quoted } from './stuck.js';
import { bulkVerbs } from '../run-parts.js';
import { onTick } from '../live.js';

export const title = () => 'Versions';

export async function draw(page) {
  const { versions = [] } = await get('versions', null, page.signal);
  const names = [...new Set(versions.map((line) => line.sagaName))];
  return h('div', null,
    head('Definitions and their versions', 'Old code goes when its last saga has ended'),
    names.length === 0 && panel(null, null, empty('No process has noted a definition.', 'Definitions are noted when a process that has them starts.')),
    names.map((name) => {
      const lines = versions.filter((line) => line.sagaName === name).sort((a, b) => b.version - a.version);
      const all = lines.reduce((sum, line) => sum + line.unfinished, 0);
      return h('section', { class: 'panel' }, h('header', null, h('h2', null, say(name, 200)), h('span', { class: 'quiet' }, `${count(all)} not ended`)),
        table('Newest first', columns(name, all, mover(page, name, lines)), lines, { hidden: true }));
    }));
}

/** The way to a run that moves what has not ended to the newest other version that a process has; for those who may plan one. */
function mover(page, name, lines) {
  const may = !page.me.readOnly && (page.me.permissions ?? []).includes('BULK') && bulkVerbs(page.me).includes('migrate');
  return (line) => {
    const to = lines.find((other) => other.version !== line.version && (other.nodes ?? []).length > 0);
    return may && to && line.unfinished > 0
      ? link('runs/new' + asQuery({ q: `saga:${quoted(name)} version:${line.version}`, verb: 'migrate', version: to.version }), { 'data-k': `move-${name}-${line.version}` }, `Move to v${to.version} …`)
      : '';
  };
}

function columns(name, all, move) {
  const find = (line, more) => 'sagas' + asQuery({ q: `saga:${quoted(name)} version:${line.version}${more}` });
  const number = (line, phase, value) => (value > 0 ? link(find(line, ` phase:${phase}`), null, count(value)) : '0');
  return [
    ['Version', (line) => link(find(line, ''), { 'data-row': true, 'data-k': `v-${name}-${line.version}` }, `v${line.version}`), 'tight'],
    ['State', state],
    ['Not ended', (line) => h('span', null,
      h('progress', { max: Math.max(1, all), value: line.unfinished, 'aria-label': `${count(line.unfinished)} of ${count(all)} sagas that have not ended have version ${line.version}` }), ' ',
      (line.isCounted ?? line.counted) === false ? '≥ ' : '', count(line.unfinished)), 'tight'],
    ['Running', (line) => number(line, 'RUNNING', line.running), 'number'],
    ['Going back', (line) => number(line, 'COMPENSATING', line.compensating), 'number'],
    ['Stuck', (line) => number(line, 'STUCK', line.stuck), 'number'],
    ['Oldest', (line) => h('span', null, age(line.oldest), h('span', { class: 'two' }, 'first seen ', clock(line.firstSeen), ' UTC')), 'tight'],
    ['Processes that have it', (line) => ((line.nodes ?? []).length === 0 ? badge('none', line.unfinished > 0 ? 'critical' : undefined) : line.nodes.map((node, i) => [i > 0 && ', ', code(node, 80)])), 'wide'],
    ['Move', move, 'tight'],
  ];
}

function state(line) {
  if (line.isNewest ?? line.newest) {
    return badge('newest', 'busy');
  }
  if (line.safeToRemove ?? line.isSafeToRemove) {
    return badge('safe to remove', 'good');
  }
  return (line.nodes ?? []).length === 0 && line.unfinished > 0 ? badge('no process has it', 'critical') : badge('drains', 'medium');
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
