// What is known of the IRIs and names in an answer, how they are written short, and where they are shown.
import { lang, make, prefixes, written } from './told.js';

const things = new Map(); // IRI -> { zh, en, 'zh-latn', path, place }
const names = new Map(); // name -> IRI
const [AT_ONCE, LONGEST] = [1000, 60_000]; // terms and characters of one request
const byLength = Object.entries(prefixes).sort((one, other) => other[1].length - one[1].length);

/** Ask the server for those of the terms that it has not been asked for yet. */
export async function learn(terms) {
  const iris = new Set();
  const called = new Set();
  for (const term of terms) {
    if (term?.type === 'uri' && !things.has(term.value)) iris.add(term.value);
    else if (isName(term) && !names.has(term.value)) called.add(term.value);
  }
  const wanted = [...[...iris].map((iri) => ['iris', iri]), ...[...called].map((name) => ['names', name])];
  let portion = [];
  let length = 0;
  for (const each of wanted) {
    portion.push(each);
    length += each[1].length;
    if (portion.length === AT_ONCE || length > LONGEST) {
      await learnSome(portion);
      [portion, length] = [[], 0];
    }
  }
  if (portion.length) await learnSome(portion);
}

async function learnSome(wanted) {
  const body = { iris: [], names: [] };
  for (const [kind, text] of wanted) body[kind].push(text);
  let found = { things: {}, names: {} };
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch('/ask/known', { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) return;
    found = await response.json();
  } catch {
    return; // the answer is shown all the same, without labels
  }
  for (const iri of body.iris) things.set(iri, {});
  for (const name of body.names) names.set(name, '');
  for (const [iri, thing] of Object.entries(found.things)) things.set(iri, thing);
  for (const [name, iri] of Object.entries(found.names)) names.set(name, iri);
}

/** Whether a term may be the name of something: a text in a language, not too long. */
function isName(term) {
  return term?.type === 'literal' && Boolean(term['xml:lang']) && term.value.length <= 60;
}

/** The IRI that a term is, or that its text names. */
export function iriOf(term) {
  if (term?.type === 'uri') return term.value;
  return isName(term) ? names.get(term.value) || '' : '';
}

/** Latitude and longitude of what a term is or names. */
export function placeOf(term) {
  return things.get(iriOf(term))?.place;
}

/** What something is called in the language of the page, as far as it is known. */
export function labelOf(iri) {
  const thing = things.get(iri) || {};
  const order = lang === 'zh' ? ['zh', 'en', 'zh-latn'] : ['en', 'zh-latn', 'zh'];
  return order.map((each) => thing[each]).find(Boolean) || '';
}

/** An IRI with its prefix, where one fits. */
export function short(iri) {
  for (const [prefix, namespace] of byLength) {
    const rest = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^[\w-]+$/.test(rest)) return `${prefix}:${rest}`;
  }
  return iri;
}

/** The address on this server of the page on an IRI; empty if there is none. */
export function addressOf(iri) {
  return things.get(iri)?.path || '';
}

/** A term as people read it, linked to the page on it. */
export function shown(term) {
  if (!term) return make('span', { class: 'none' }, '');
  if (term.type === 'bnode') return make('span', { class: 'term' }, `_:${term.value}`);
  if (term.type === 'uri') return resource(term.value);
  if (!Number.isNaN(numberOf(term))) return make('span', { title: short(term.datatype) }, written(Number(term.value)));
  const iri = iriOf(term);
  if (iri && addressOf(iri)) return make('a', { href: addressOf(iri), title: short(iri), lang: term['xml:lang'] }, term.value);
  return make('span', { lang: term['xml:lang'] || false, title: term.datatype ? short(term.datatype) : false }, term.value);
}

function resource(iri) {
  const label = labelOf(iri) || short(iri);
  const address = addressOf(iri);
  if (address) return make('a', { href: address, title: short(iri) }, label);
  return make('span', { class: 'term', title: iri }, label);
}

/** A term as plain text. */
export function plain(term) {
  return term ? term.value : '';
}

/** A term as a label of a bar, a point, a row. */
export function titleOf(term) {
  if (!term) return '';
  return term.type === 'uri' ? labelOf(term.value) || short(term.value) : term.value;
}

const NUMERIC = /#(?:integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;

/** The number that a term is, or NaN. */
export function numberOf(term) {
  return term?.type === 'literal' && NUMERIC.test(term.datatype || '') ? Number(term.value) : NaN;
}

/** The day that a date, month or year begins with, as a time; or NaN. */
export function timeOf(term) {
  if (term?.type !== 'literal' || !/#(?:date|dateTime|gYear|gYearMonth)$/.test(term.datatype || '')) return NaN;
  const match = /^(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(term.value);
  return match ? Date.UTC(Number(match[1]), Number(match[2] || 1) - 1, Number(match[3] || 1)) : NaN;
}
