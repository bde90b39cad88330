// What may stand where the cursor is: variables of the query, prefixes, terms of the ontology, things by their names.
import { lang, make, prefixes, say } from './told.js';
import { short } from './things.js';

const MOST = 40;
let declared;

/** Offer completions; `unasked` is true while people only write. */
export function suggest(editor, unasked = false) {
  const options = { completeSingle: false, closeCharacters: /[\s{}()>;,]/, container: document.body };
  const hint = async () => {
    const found = await hintsFor(editor, unasked);
    return found || { list: [], from: editor.getDoc().getCursor(), to: editor.getDoc().getCursor() };
  };
  editor.showHint({ hint, ...options });
}

async function hintsFor(editor, unasked) {
  const doc = editor.getDoc();
  const cursor = doc.getCursor();
  const before = doc.getLine(cursor.line).slice(0, cursor.ch);
  const type = editor.getTokenAt(cursor).type || '';
  if (type === 'comment') return null;
  const [start, list] = await offers(editor, before, type, unasked);
  const from = { line: cursor.line, ch: start };
  return { from, to: cursor, list: list.slice(0, MOST).map((offer) => hinted(editor, offer)) };
}

async function offers(editor, before, type, unasked) {
  const quoted = /(["'])([^"']*)$/.exec(before);
  if (quoted && type.startsWith('string') && type !== 'string-2') return named(before, quoted[2], 'text');
  const variable = /[?$]\w*$/.exec(before);
  if (variable) return [variable.index, variables(editor, variable[0])];
  const declaring = /\bPREFIX\s+([\w-]*)$/i.exec(before);
  if (declaring) return [before.length - declaring[1].length, declarations(declaring[1])];
  const prefixed = /([A-Za-z][\w-]*):([\w-]*)$/.exec(before);
  if (prefixed) return [prefixed.index, await withPrefix(prefixed[1], prefixed[2], before)];
  const word = /[\p{L}\p{N}_-]*$/u.exec(before)[0];
  if (unasked && word.length < 2 && !/[\u2e80-\u9fff]/.test(word)) return [before.length, []];
  const [start, things] = word ? await named(before, word, 'iri') : [before.length, []];
  return [start, [...(await terms(word, before)), ...things]];
}

function variables(editor, begun) {
  const all = new Set(editor.getValue().match(/[?$]\w+/g));
  all.delete(begun);
  return [...all].filter((name) => name.startsWith(begun)).sort().map((name) => ({ text: name, kind: say('variableKind') }));
}

function declarations(begun) {
  const fitting = Object.entries(prefixes).filter(([prefix]) => prefix.startsWith(begun));
  return fitting.map(([prefix, iri]) => ({ text: `${prefix}: <${iri}>`, kind: say('prefixKind') }));
}

async function withPrefix(prefix, begun, before) {
  const own = (await terms(begun, before)).filter((offer) => offer.text.startsWith(`${prefix}:`));
  if (own.length || !(prefix in prefixes) || !begun) return own;
  const things = await look(begun.replaceAll('-', ' '));
  return things.filter((thing) => thing.iri.startsWith(prefixes[prefix])).map(thingOffer);
}

/** Terms whose name or label holds the text: classes first behind `a`, else predicates. */
async function terms(text, before) {
  declared ||= fetch('/ask/terms').then((response) => response.json());
  const { classes, properties, individuals } = await declared;
  const typed = /(?:\ba|rdf:type|subClassOf[+*]?)\s+\S*$/.test(before);
  const groups = typed ? [[classes, 'classKind']] : [[properties, 'propertyKind'], [classes, 'classKind'], [individuals, 'individualKind']];
  const wanted = text.toLowerCase();
  const rank = (term) => {
    const local = term.name.slice(term.name.indexOf(':') + 1).toLowerCase();
    if (local.startsWith(wanted) || term.zh.startsWith(text)) return 0;
    return local.includes(wanted) || term.zh.includes(text) || term.en.toLowerCase().includes(wanted) ? 1 : 2;
  };
  return groups.flatMap(([group, kind]) => {
    const fitting = group.map((term) => [rank(term), term]).filter(([at]) => at < 2);
    fitting.sort((one, other) => one[0] - other[0] || one[1].name.localeCompare(other[1].name));
    return fitting.map(([, term]) => ({ text: term.name, says: term[lang === 'zh' ? 'zh' : 'en'], kind: say(kind) }));
  });
}

async function named(before, text, as) {
  const start = before.length - text.length;
  if (!text.trim()) return [start, []];
  const things = await look(text);
  return [start, things.map(as === 'iri' ? thingOffer : (thing) => ({ text: thing.matched, says: short(thing.iri), kind: say('entityKind') }))];
}

async function look(text) {
  const response = await fetch(`/ask/complete?q=${encodeURIComponent(text.slice(0, 200))}`);
  return response.ok ? response.json() : [];
}

function thingOffer(thing) {
  const label = (lang === 'zh' ? thing.zh : thing.en || thing.zh) || thing.matched;
  const name = short(thing.iri);
  const says = label === thing.matched ? label : `${thing.matched} · ${label}`;
  return { text: name === thing.iri ? `<${name}>` : name, says, kind: say('entityKind'), named: true };
}

/** A completion as the editor's list wants it; what it brings is text, never markup. */
function hinted(editor, offer) {
  const [first, second] = offer.named ? [offer.says, offer.text] : [offer.text, offer.says || ''];
  const render = (element) => element.append(make('b', {}, first), make('span', {}, second), make('i', {}, offer.kind));
  return { text: offer.text, render };
}
