// How much goes on, how long it takes, how old the oldest trouble is: as this process sees it.
import { h, link } from '../dom.js';
import { asQuery, get } from '../api.js';
import { count, span } from '../format.js';
import { empty, head, panel } from '../parts.js';
import { chart, niceCount, niceTime } from '../chart.js';
import { onTick } from '../live.js';

export const title = () => 'Charts';

const SPANS = [[15, '15 min'], [60, '1 h'], [360, '6 h'], [1440, '24 h']];
const MOST_POINTS = 720;

export async function draw(page) {
  const minutes = SPANS.some(([value]) => String(value) === page.query.minutes) ? Number(page.query.minutes) : 60;
  const answer = await get('charts', { minutes }, page.signal);
  const points = thinned(answer.points ?? []);
  const duration = (value) => span(Math.round(value));
  return h('div', null,
    head('Charts', 'as this process sees it; all of them together: the Grafana dashboard',
      ...SPANS.map(([value, text]) => link('charts' + asQuery({ minutes: value }), { class: 'button', 'aria-current': value === minutes ? 'true' : null, 'data-k': 'span-' + value }, text))),
    points.length < 2
      ? panel(null, null, empty('There are no figures yet.', 'A point is noted every ten seconds, since this process started.'))
      : h('div', { class: 'columns charts' },
        chart('Sagas a second', points, [['started', 'started'], ['completed', 'completed'], ['compensated', 'compensated']], (value) => count(Math.round(value * 100) / 100)),
        chart('Stuck', points, [['stuck', 'stuck sagas']], (value) => count(Math.round(value)), niceCount),
        chart('How long sagas take', points, [['p50Ms', 'half of them'], ['p99Ms', '99 of 100']], duration, niceTime),
        chart('Age of the oldest', points, [['oldestUnsentMs', 'message not published'], ['oldestStuckMs', 'stuck saga']], duration, niceTime)));
}

/** Not more points than there are pixels. */
function thinned(points) {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => (points.length - 1 - i) % every === 0);
}

export function opened(page) {
  onTick(() => page.refresh(), page.signal);
}
