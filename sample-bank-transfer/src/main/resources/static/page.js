'use strict';

const form = document.getElementById('transfer');
const error = document.getElementById('error');
const watch = document.getElementById('watch');
const audits = document.getElementById('audits');
const sum = document.getElementById('sum');
const settled = ['COMPLETED', 'COMPENSATED', 'STUCK', 'COMMITTED', 'ABORTED'];
let watched = null;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function tone(status) {
  if (['COMPLETED', 'SUCCEEDED', 'COMMITTED'].includes(status)) return 'good';
  if (['STUCK', 'REJECTED', 'COMPENSATION_FAILED', 'IN_DOUBT'].includes(status)) return 'bad';
  if (['PENDING', 'SKIPPED', 'COMPENSATED', 'ABORTED', 'ROLLED_BACK'].includes(status)) return 'idle';
  return 'wait';
}

function show(transfer) {
  const title = element('p', 'Transfer ' + transfer.transferId + ' is ');
  title.append(element('span', transfer.status, 'status ' + tone(transfer.status)));
  if (transfer.reason) title.append(': ' + transfer.reason);
  const steps = element('ol', undefined, 'steps');
  for (const step of transfer.steps) {
    const item = element('li');
    item.append(element('div', step.name), element('div', step.status, 'status ' + tone(step.status)));
    if (step.participant) item.append(element('div', 'at ' + step.participant));
    steps.append(item);
  }
  watch.replaceChildren(title, steps);
}

async function follow(id) {
  watched = id;
  while (watched === id) {
    const response = await fetch('transfers/' + id);
    if (!response.ok) return;
    const transfer = await response.json();
    show(transfer);
    if (settled.includes(transfer.status)) { refresh(); return; }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function refuse(problem) {
  error.textContent = (problem.field ? problem.field + ': ' : '') + (problem.detail || problem.title || 'refused');
  const input = problem.field && form.elements[problem.field];
  if (input) input.focus();
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  error.textContent = '';
  const fields = new FormData(form);
  const body = { transferId: newId() };
  for (const name of ['fromBank', 'fromAccount', 'toBank', 'toAccount', 'amount']) body[name] = fields.get(name);
  if (fields.get('mode')) body.mode = fields.get('mode');
  try {
    const response = await fetch('transfers?precheck=' + !fields.has('skipPrecheck'),
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) { refuse(answer); return; }
    show(answer);
    await follow(answer.transferId);
  } catch (away) {
    error.textContent = 'The transfer service does not answer: ' + away.message;
  }
});

/** crypto.randomUUID needs a secure context, which a plain host name is not. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

document.getElementById('open').addEventListener('click', async () => {
  error.textContent = '';
  for (const [bank, account] of [['bank-a', 'alice'], ['bank-b', 'bob']]) {
    const response = await fetch('banks/' + bank + '/accounts',
      { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ account: account, balance: '100.00' }) });
    if (!response.ok) { refuse(await response.json()); return; }
  }
  refresh();
});

async function refresh() {
  const rows = [];
  let cents = 0;
  let complete = true;
  for (const bank of ['bank-a', 'bank-b']) {
    const row = element('tr');
    row.append(element('th', bank));
    try {
      const response = await fetch('banks/' + bank + '/audit');
      if (!response.ok) throw new Error('no answer');
      const audit = await response.json();
      for (const name of ['total', 'held', 'transit', 'entries', 'negative']) row.append(element('td', audit[name]));
      cents += Math.round(100 * audit.total) + Math.round(100 * audit.transit);
    } catch (away) {
      complete = false;
      const cell = element('td', 'does not answer', 'bad');
      cell.colSpan = 5;
      row.append(cell);
    }
    rows.push(row);
  }
  audits.replaceChildren(...rows);
  sum.textContent = complete ? 'All money, with what is between the banks: ' + (cents / 100).toFixed(2) : '';
}

async function books(bank, open) {
  const request = open === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ open: String(open) }) };
  const response = await fetch('banks/' + bank + '/books', request);
  return response.ok ? (await response.json()).open : undefined;
}

/** One button for each bank whose books may be closed here. */
async function showBooks() {
  const buttons = [];
  for (const bank of ['bank-a', 'bank-b']) {
    const isOpen = await books(bank);
    if (isOpen === undefined) continue;
    const button = element('button', (isOpen ? 'Close' : 'Open') + ' the books of ' + bank);
    button.type = 'button';
    button.addEventListener('click', async () => {
      await books(bank, !isOpen);
      await showBooks();
      document.querySelector('#books button[data-bank="' + bank + '"]').focus();
    });
    button.dataset.bank = bank;
    buttons.push(button, ' ');
  }
  document.getElementById('books').replaceChildren(...buttons);
  document.getElementById('breaking').hidden = buttons.length === 0;
}

showBooks();
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 2000);
