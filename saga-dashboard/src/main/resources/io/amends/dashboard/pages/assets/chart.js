// Line charts, drawn as SVG from points; a table of the same is beside each.
import { h, svg } from './dom.js';
import { utc } from './format.js';
import { table } from './parts.js';

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 52;
const BOTTOM = 20;
const MOST_ROWS = 60;

/**
 * @param {string} title what it shows
 * @param {{at: string}[]} points in order of time
 * @param {[string, string][]} series [name of the value, text]
 * @param {(value: number) => string} text how a value is written
 * @param {(value: number) => number} round the next value at which an axis may end
 */
export function chart(title, points, series, text, round = nice) {
  const times = points.map((point) => Date.parse(point.at));
  const values = points.flatMap((point) => series.map(([name]) => point[name])).filter((value) => value !== null && value !== undefined);
  const top = round(Math.max(0, ...values));
  const [from, to] = [times[0], times[times.length - 1]];
  const x = (time) => LEFT + ((WIDTH - LEFT) * (time - from)) / Math.max(1, to - from);
  const y = (value) => (HEIGHT - BOTTOM) * (1 - value / top) + 4;
  const hours = (point) => utc(point?.at).slice(11, to - from < 10 * MIN ? 19 : 16);
  const readout = series.map(() => h('b'));
  const cursor = svg('line', { class: 'cursor', y1: 0, y2: HEIGHT - BOTTOM, x1: 0, x2: 0 });
  const time = h('span', { class: 'quiet' });
  let at = points.length - 1;
  const show = (index, marked) => {
    at = Math.min(Math.max(index, 0), points.length - 1);
    series.forEach(([name], i) => { readout[i].textContent = points[at]?.[name] == null ? '–' : text(points[at][name]); });
    time.textContent = points[at] ? `${utc(points[at].at)} UTC` : '';
    cursor.setAttribute('visibility', marked ? 'visible' : 'hidden');
    cursor.setAttribute('x1', x(times[at]));
    cursor.setAttribute('x2', x(times[at]));
  };
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, tabindex: '0', role: 'img', 'aria-label': `${title}, a line chart; the table below has the same figures`,
    onpointermove: (event) => {
      const box = picture.getBoundingClientRect();
      const moment = from + ((to - from) * ((event.clientX - box.left) * (WIDTH / box.width) - LEFT)) / (WIDTH - LEFT);
      const next = times.findIndex((t) => t >= moment);
      show(next === -1 ? points.length - 1 : next, true);
    },
    onpointerleave: () => show(points.length - 1, false),
    onkeydown: (event) => {
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        event.preventDefault();
        show(at + (event.key === 'ArrowLeft' ? -1 : 1), true);
      }
    },
  },
  // Half of one whole thing is none: a line without a number of its own is left out.
  [0, 0.5, 1].filter((part) => part !== 0.5 || text(part * top) !== text(top)).map((part) => [
    svg('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y(part * top), y2: y(part * top) }),
    svg('text', { class: 'axis', x: LEFT - 6, y: y(part * top) + 4, 'text-anchor': 'end' }, text(part * top))]),
  svg('text', { class: 'axis', x: LEFT, y: HEIGHT - 2 }, hours(points[0])),
  svg('text', { class: 'axis', x: WIDTH, y: HEIGHT - 2, 'text-anchor': 'end' }, hours(points[points.length - 1])),
  series.map(([name], i) => svg('path', { class: `line s${i}`, d: path(points, times, name, x, y) })),
  series.map(([name], i) => points.map((point, n) => isAlone(points, n, name) && svg('circle', { class: `dot s${i}`, cx: x(times[n]), cy: y(point[name]), r: 3 }))),
  cursor);
  show(at, false);
  return h('figure', { class: 'panel chart' }, h('h2', null, title),
    h('div', { class: 'legend' }, series.map(([, label], i) => h('span', null,
      svg('svg', { viewBox: '0 0 30 10', class: `s${i}`, 'aria-hidden': 'true' }, svg('line', { class: `line s${i}`, x1: 0, x2: 30, y1: 5, y2: 5 })), `${label} `, readout[i])), time),
    picture,
    h('details', { 'data-k': 'table-' + title }, h('summary', null, 'As a table'), table(title, [
      ['At (UTC)', (point) => utc(point.at), 'tight'],
      ...series.map(([name, label]) => [label, (point) => (point[name] == null ? '–' : text(point[name])), 'number']),
    ], points.slice(-MOST_ROWS).reverse(), { hidden: true })));
}

/** Whether a value has none beside it, so that no line leads through it. */
const isAlone = (points, n, name) => points[n][name] != null && points[n - 1]?.[name] == null && points[n + 1]?.[name] == null;

/** Gaps stay gaps. */
function path(points, times, name, x, y) {
  let pen = 'M';
  let d = '';
  points.forEach((point, i) => {
    if (point[name] === null || point[name] === undefined) {
      pen = 'M';
    } else {
      d += `${pen}${x(times[i]).toFixed(1)} ${y(point[name]).toFixed(1)}`;
      pen = 'L';
    }
  });
  return d;
}

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const TIMES = [10, 20, 50, 100, 200, 500, S, 2 * S, 4 * S, 10 * S, 20 * S, 30 * S, MIN, 2 * MIN, 4 * MIN, 10 * MIN, 20 * MIN, 30 * MIN, H, 2 * H, 4 * H, 12 * H, 24 * H, 48 * H];

/** For numbers that are whole, and whose half is. */
export function niceCount(value) {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return value <= 1 ? 1 : [1, 2, 4, 6, 10].map((step) => step * size).find((step) => step >= value && step % 2 === 0);
}

/** For milliseconds. */
export function niceTime(value) {
  return TIMES.find((time) => time >= value) ?? Math.ceil(value / (96 * H)) * 96 * H;
}

function nice(value) {
  const end = Math.max(0.1, value);
  const size = 10 ** Math.floor(Math.log10(end));
  return [1, 2, 5, 10].map((step) => step * size).find((step) => step >= end) ?? 10 * size;
}
