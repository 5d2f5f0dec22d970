// How numbers, times and names are written.
import { h } from './dom.js';
import { tongue } from './i18n.js';

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]];

/** Milliseconds of a duration: a number is milliseconds, a text is ISO 8601 such as PT1H2M3.5S; null for neither. */
export function millis(duration) {
  if (typeof duration === 'number') {
    return duration;
  }
  const parts = /^(-?)P(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/.exec(duration ?? '');
  if (!parts) {
    return null;
  }
  const [d, hours, m, s] = parts.slice(2).map((part) => Number(part ?? 0));
  return (parts[1] ? -1 : 1) * (((d * 24 + hours) * 60 + m) * 60 + s) * 1000;
}

/** A span in its two largest units. */
export function span(duration) {
  const ms = millis(duration);
  if (ms === null || Number.isNaN(ms)) {
    return '–';
  }
  if (Math.abs(ms) < 1000) {
    return `${Math.round(ms)} ms`;
  }
  let left = Math.abs(ms);
  const words = [];
  for (const [unit, size] of UNITS) {
    const number = Math.floor(left / size);
    if (number > 0 || words.length > 0) {
      words.push(number > 0 ? `${number} ${unit}` : '');
      left -= number * size;
    }
    if (words.length === 2) {
      break;
    }
  }
  return words.filter(Boolean).join(' ');
}

/** How far the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;
export function serverTime(date) {
  const time = Date.parse(date ?? '');
  if (!Number.isNaN(time)) {
    ahead = time - Date.now();
  }
}

export function now() {
  return Date.now() + ahead;
}

/** How long ago, or in how long. */
export function ago(instant) {
  const ms = now() - Date.parse(instant);
  if (Number.isNaN(ms)) {
    return '–';
  }
  return Math.abs(ms) < 2000 ? 'just now' : ms > 0 ? `${span(ms)} ago` : `in ${span(-ms)}`;
}

/** A point in time in UTC, to the second or, if asked for, to the millisecond. */
export function utc(instant, fine = false) {
  const date = new Date(instant);
  if (instant === null || instant === undefined || Number.isNaN(date.getTime())) {
    return '–';
  }
  const text = date.toISOString().replace('T', ' ');
  return text.slice(0, fine ? 23 : 19);
}

/** An age, with the time itself for those who look closer. */
export function age(instant) {
  if (!instant) {
    return h('span', { class: 'none' }, '–');
  }
  return h('time', { datetime: instant, title: `${utc(instant)} UTC` }, span(Math.max(0, now() - Date.parse(instant))));
}

export function when(instant) {
  return instant
    ? h('time', { datetime: instant, title: `${utc(instant, true)} UTC` }, ago(instant))
    : h('span', { class: 'none' }, '–');
}

export function clock(instant, fine) {
  return instant
    ? h('time', { datetime: instant, class: 'clock' }, utc(instant, fine))
    : h('span', { class: 'none' }, '–');
}

export function count(number) {
  return number === null || number === undefined ? '–' : Number(number).toLocaleString(tongue());
}

/** What stands before a number of which an answer says that it is not all. */
export const least = (isAll) => (isAll === false ? '≥ ' : '');

/** A number that is counted up to ten thousand only. */
export const counted = (number) => (number >= 10_000 ? '≥ ' : '') + count(number);

export function plural(number, one, many = one + 's') {
  return `${count(number)} ${Number(number) === 1 ? one : many}`;
}

export function bytes(number) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = Number(number ?? 0);
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

const MOST_WORDS = 80;

/** RETRIES_EXHAUSTED or ReplyReceived as people say it. */
export function words(name) {
  const text = String(name ?? '').slice(0, MOST_WORDS).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().replaceAll('_', ' ').replaceAll('-', ' ').replace('2pc', '2PC');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function short(id) {
  return String(id ?? '').slice(0, 13);
}

const AGES = { MINUTES: 'under 5 min', HOUR: 'under 1 h', DAY: 'under 1 day', LONGER: '1 day or longer' };
export const ageBucket = (name) => AGES[name] ?? words(name);
