'use strict';

const byId = id => document.getElementById(id);
const faults = new Map();
let stateIsOld = false;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function seconds(millis) {
  if (millis === null || millis === undefined) return '–';
  if (millis < 1000) return Math.round(millis) + ' ms';
  if (millis < 10000) return (millis / 1000).toFixed(1) + ' s';
  return Math.round(millis / 1000) + ' s';
}

function clock(millis) {
  const all = Math.floor(millis / 1000);
  return Math.floor(all / 60) + ':' + String(all % 60).padStart(2, '0');
}

function table(columns, rows, empty) {
  if (rows.length === 0) return element('p', empty, 'quiet');
  const made = element('table');
  const head = element('tr');
  for (const column of columns) {
    const cell = element('th', column.title, column.number ? 'number' : '');
    cell.scope = 'col';
    head.append(cell);
  }
  const top = element('thead');
  top.append(head);
  const body = element('tbody');
  for (const row of rows) {
    const line = element('tr');
    for (const column of columns) {
      const cell = element('td', undefined, (column.number ? 'number ' : '') + (column.tone ? column.tone(row) : ''));
      cell.append(column.code ? element('code', column.value(row)) : column.value(row));
      line.append(cell);
    }
    body.append(line);
  }
  made.append(top, body);
  const scroll = element('div', undefined, 'scroll');
  scroll.append(made);
  return scroll;
}

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Failure-Lab': '1' },
      body: JSON.stringify(body)
    });
    complain(response.ok ? '' : (await response.json()).detail);
  } catch (away) {
    complain('The lab does not answer: ' + away.message);
  }
  await refresh();
}

function complain(text) {
  const alert = byId('alert');
  alert.textContent = text;
  alert.hidden = !text;
}

byId('load').addEventListener('submit', event => {
  event.preventDefault();
  post('load', { running: true, rate: byId('rate').valueAsNumber, share: byId('share').valueAsNumber });
});
byId('stop').addEventListener('click', () => post('load', { running: false }));
byId('one-saga').addEventListener('click', () => post('transfers', { mode: 'saga' }));
byId('one-2pc').addEventListener('click', () => post('transfers', { mode: '2pc' }));

function explained(tag, text) {
  const made = element('p');
  made.append(element('span', tag, 'tag'), text);
  return made;
}

/** Made once, so that focus stays where it is; only its state changes. */
function faultCard(fault) {
  const card = element('article', undefined, 'fault');
  card.append(element('h3', fault.title), element('p', fault.how, 'quiet'));
  card.append(explained('SAGA', fault.saga), explained('2PC', fault.twoPhase));
  const row = element('div', undefined, 'row');
  let when = null;
  let back = null;
  if (fault.id === 'coordinator-dies') {
    const whenLabel = element('label', 'It dies');
    when = element('select');
    for (const [value, text] of [['', 'before its decision'], ['after', 'after its decision']]) {
      const option = element('option', text);
      option.value = value;
      when.append(option);
    }
    whenLabel.append(when);
    const backLabel = element('label', 'Back after, s');
    back = element('input');
    back.type = 'number';
    back.min = 1;
    back.max = 600;
    back.placeholder = 'a click';
    backLabel.append(back);
    row.append(whenLabel, backLabel);
  }
  const button = element('button');
  button.type = 'button';
  const note = element('p', '', 'quiet');
  row.append(button);
  card.append(row, note);
  button.addEventListener('click', () => {
    const on = faults.get(fault.id).state === 'OFF';
    const body = { on: on };
    if (on && when && when.value) body.afterDecision = true;
    if (on && back && back.value) body.backAfterSeconds = back.valueAsNumber;
    button.disabled = true;
    post('faults/' + fault.id, body);
  });
  byId('faults').append(card);
  return { card, button, note, state: 'OFF' };
}

function showFaults(all) {
  for (const fault of all) {
    if (!faults.has(fault.id)) faults.set(fault.id, faultCard(fault));
    const shown = faults.get(fault.id);
    shown.state = fault.state;
    shown.card.className = 'fault ' + fault.state.toLowerCase();
    shown.button.disabled = fault.state === 'WORKING';
    shown.button.textContent = fault.state === 'OFF' ? 'Break it' : fault.undo;
    shown.button.setAttribute('aria-label', fault.state === 'OFF' ? 'Break it: ' + fault.title : fault.undo);
    const since = { OFF: '', WORKING: 'working on it for ', ARMED: 'armed for ', ON: 'so for ' }[fault.state];
    const text = [since ? since + seconds(fault.since) : '', fault.note].filter(part => part).join('; ');
    if (shown.note.textContent !== text) shown.note.textContent = text;
  }
}

function showModes(modes) {
  byId('modes').replaceChildren(...modes.map(mode => {
    const card = element('div', undefined, 'mode');
    card.append(element('h3', mode.mode === 'saga' ? 'By saga' : 'By two-phase commit'));
    const figures = element('dl', undefined, 'figures');
    const figure = (name, value, tone) => {
      const one = element('div');
      one.append(element('dt', name), element('dd', value, tone));
      figures.append(one);
    };
    figure('ended', mode.ended);
    figure('per second', mode.perSecond.toFixed(1));
    figure('p50', seconds(mode.p50));
    figure('p99', seconds(mode.p99));
    figure('blocked', mode.blocked, mode.blocked > 0 ? 'wait' : '');
    if (mode.mode !== 'saga') figure('in doubt', mode.inDoubt, mode.inDoubt > 0 ? 'bad' : '');
    const states = Object.entries(mode.states).map(([state, count]) => state + ' ' + count).join(' · ');
    card.append(figures, element('p', states || 'no transfer yet', 'quiet'));
    return card;
  }));
}

function showMoney(money) {
  const verdict = byId('money-verdict');
  const words = { CONSERVED: 'Money conserved', MOVING: 'Money is on its way', NOT_CONSERVED: 'Money NOT conserved', UNKNOWN: 'Money: a bank can’t be read' };
  const tone = { CONSERVED: 'good', MOVING: 'wait', NOT_CONSERVED: 'bad', UNKNOWN: 'wait' };
  if (verdict.textContent !== words[money.verdict]) verdict.textContent = words[money.verdict];
  verdict.className = 'verdict ' + tone[money.verdict];
  byId('money-words').textContent = money.words;
  const rows = money.banks.concat([
    { bank: 'together', balance: money.customers, held: money.held, prepared: money.prepared },
    { bank: 'at the start', balance: money.start, held: '', prepared: '' }]);
  byId('money').replaceChildren(table([
    { title: '', value: row => row.bank },
    { title: 'customers have', number: true, value: row => row.balance },
    { title: 'of it held', number: true, value: row => row.held },
    { title: 'in prepared', number: true, value: row => row.prepared }
  ], rows, ''));
}

function show(state) {
  const load = state.load;
  byId('load-state').textContent = (load.running
    ? 'A stream of ' + load.rate + ' per second runs, ' + load.share + ' % of them by 2pc.'
    : 'No stream runs.')
    + (load.waiting > 0 ? ' Not taken in yet: ' + load.waiting + '.' : '')
    + (load.unsent > 0 ? ' Not sent, since too many waited: ' + load.unsent + '.' : '');
  showModes(state.modes);
  showFaults(state.faults);
  showMoney(state.money);
  byId('blocked').replaceChildren(table([
    { title: 'transfer', code: true, value: row => row.transfer.slice(0, 8) },
    { title: 'mode', value: row => row.mode },
    { title: 'state', value: row => row.state },
    { title: 'for', number: true, value: row => seconds(row.age) },
    { title: 'waits for', value: row => row.waitsFor }
  ], state.blocked, 'Nothing is blocked.'));
  byId('doubt').replaceChildren(table([
    { title: 'at', value: row => row.bank },
    { title: 'transfer', code: true, value: row => row.transfer.slice(0, 8) || '?' },
    { title: 'locks', value: row => row.account || '?' },
    { title: 'for', number: true, value: row => seconds(row.age) },
    { title: 'decision', value: row => row.decision || 'none yet', tone: row => row.decision ? '' : 'bad' }
  ], state.inDoubt, 'Nothing is in doubt.'));
  const locks = state.locks.map(text => element('li', text));
  byId('locks').replaceChildren(...(locks.length ? locks : [element('li', 'Nobody waits for a lock.', 'quiet')]));
  byId('lanes').replaceChildren(table([
    { title: 'outbox of', value: row => row.service + ', lane ' + row.lane },
    { title: 'owner', value: row => row.owner },
    { title: 'epoch', number: true, value: row => row.epoch },
    { title: 'lease left', number: true, tone: row => row.lease === null ? 'bad' : '', value: row => row.lease === null ? 'over' : seconds(row.lease) },
    { title: 'waiting', number: true, tone: row => row.oldest > 1000 ? 'wait' : '', value: row => row.waiting + (row.oldest > 1000 ? ', oldest ' + seconds(row.oldest) : '') }
  ], state.lanes, 'No lane can be read.'));
  byId('processes').replaceChildren(table([
    { title: 'process', value: row => row.name },
    { title: 'state', tone: row => row.state === 'UP' ? 'good' : row.starts === 0 ? 'quiet' : row.state === 'STARTING' ? 'wait' : 'bad',
      value: row => row.starts === 0 ? 'not started' : row.state.toLowerCase() },
    { title: 'id', number: true, value: row => row.starts === 0 ? '' : row.pid },
    { title: 'starts', number: true, value: row => row.starts }
  ], state.processes, ''));
  byId('timeline').replaceChildren(...state.timeline.map(entry => {
    const line = element('li');
    line.append(element('time', clock(entry.at)), element('span', entry.text, entry.kind));
    return line;
  }));
  if (state.away.length > 0) complain(state.away.join(' '));
  else if (stateIsOld) complain('');
  stateIsOld = state.away.length > 0;
}

async function refresh() {
  try {
    const response = await fetch('state');
    show(await response.json());
  } catch (away) {
    complain('The lab does not answer. Is it still running?');
    stateIsOld = true;
  }
}

async function watch() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

watch();
