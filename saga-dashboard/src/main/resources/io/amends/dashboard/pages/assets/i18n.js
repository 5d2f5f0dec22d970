// The pages’ own texts in other languages. English stands in the code; a catalogue says it otherwise. What sagas, messages and people
// say is shown as they said it; the server is asked for its sentences in the language that is spoken.
const CATALOGUES = { de: () => import('./languages/de.js') };
const MOST = 2000;

let language = 'en';
let exact = null;
let patterns = [];
const known = new Map();

/** Texts of which the catalogue has none, for whoever completes it. */
export const missed = new Set();

/** What can be chosen; `auto` is what the browser prefers. */
export const LANGUAGES = ['auto', 'en', ...Object.keys(CATALOGUES)];

/** The language that is spoken, for numbers and for what the server says. */
export const tongue = () => language;

export async function speak(wanted) {
  const preferred = wanted === 'auto' ? (navigator.languages ?? []).map((name) => name.slice(0, 2)) : [wanted];
  language = preferred.find((name) => name === 'en' || CATALOGUES[name]) ?? 'en';
  document.documentElement.lang = language;
  if (language !== 'en') {
    const { texts } = await CATALOGUES[language]();
    exact = new Map(Object.entries(texts));
    // What says more counts first: '{} of {}' also fits what another one says exactly.
    patterns = Object.entries(texts).filter(([text]) => text.includes('{}')).sort(([a], [b]) => b.length - a.length)
      .map(([text, other]) => [pattern(text), other]);
  }
}

const pattern = (text) => new RegExp(`^${text.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)')}$`);

/** The text in the language that is spoken; as it is where nobody wrote down what that would be. */
export function t(text) {
  if (exact === null || typeof text !== 'string') {
    return text;
  }
  const inner = text.trim();
  if (inner.length > 600 || !/[A-Za-z]{2}/.test(inner)) {
    return text;
  }
  let other = known.get(inner);
  if (other === undefined) {
    other = found(inner);
    if (known.size < MOST) {
      known.set(inner, other);
    }
  }
  return other === null ? text : text.replace(inner, () => other);
}

function found(text) {
  if (exact.has(text)) {
    return exact.get(text);
  }
  for (const [shape, other] of patterns) {
    const parts = shape.exec(text);
    if (parts) {
      let next = 0;
      return other.replace(/\{(\d?)\}/g, (_, place) => t(parts[place ? Number(place) : ++next]));
    }
  }
  if (missed.size < MOST) {
    missed.add(text);
  }
  return null;
}
