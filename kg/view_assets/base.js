// The data of the page, words in two languages, and how elements, values and dates are written.
// Text reaches the page as text nodes only: a label can never become markup.

const DATA = JSON.parse(document.getElementById('data').textContent);
const PAGE = DATA.page,
  NODES = DATA.nodes,
  EDGES = DATA.edges,
  VALUES = PAGE.values,
  FIGURES = PAGE.figures;
const $ = id => document.getElementById(id);
const language = { page: PAGE.lang, labels: PAGE.lang };

function word(key, holes = {}) {
  return PAGE.words[language.page][key].replace(/\{(\w+)\}/g, (_, name) => holes[name] ?? '');
}

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [event, handler] of Object.entries(value)) made.addEventListener(event, handler);
    else if (value !== false && value != null) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter(child => child != null && child !== false));
  return made;
}

const button = (text, act, attributes = {}) =>
  el('button', { type: 'button', on: { click: act }, ...attributes }, text);
const isolated = text => el('bdi', {}, text);

// ---- names

function nameOf(node) {
  const order = { zh: [node.zh, node.en], en: [node.en, node.py, node.zh], py: [node.py, node.en, node.zh] }[
    language.labels
  ];
  return order.find(Boolean) || node.iri.replace(/.*[/#]/, '');
}

function otherNames(node) {
  const shown = nameOf(node);
  return [...new Set([node.zh, node.en, node.py])].filter(name => name && name !== shown);
}

function term(table, name) {
  const known = table[name];
  return known ? known[language.page] || known.zh || known.en || name : name;
}
const predicateName = name => term(PAGE.predicates, name);
const typeName = name => term(PAGE.types, name);
const termName = name => (name === 'background' ? word('background') : term(PAGE.terms, name));

function articleName(article) {
  return article.title || article.source.replace(/.*\//, '') || article.iri.replace(/.*[/#]/, '');
}

// ---- shapes: the same on the canvas (vis-network) and in the legend

const OUTLINES = {
  dot: '<circle cx="8" cy="8" r="5.500"/>',
  square: '<path d="M3 3h10v10H3z"/>',
  diamond: '<path d="M8 1.500 14.500 8 8 14.500 1.500 8z"/>',
  triangle: '<path d="M8 2l6.500 11h-13z"/>',
  triangleDown: '<path d="M8 14 1.500 3h13z"/>',
  hexagon: '<path d="M4.500 2h7L15 8l-3.500 6h-7L1 8z"/>',
  database: '<path d="M2.500 4c0-3 11-3 11 0v8c0 3-11 3-11 0z"/>',
  star: '<path d="M8 1l2.100 4.500 4.900.600-3.600 3.400.900 4.900L8 12l-4.300 2.400.900-4.900L1 6.100l4.900-.600z"/>',
};

function shape(name) {
  const kind = PAGE.types[name],
    drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({
    class: 'shape',
    viewBox: '0 0 16 16',
    width: 15,
    height: 15,
    'aria-hidden': 'true',
  }))
    drawing.setAttribute(key, value);
  drawing.innerHTML = OUTLINES[kind.shape] || OUTLINES.dot; // markup of this file alone, no data
  drawing.style.setProperty('--own', kind.colour);
  return drawing;
}

// ---- values

function dateText(text) {
  const parts = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text);
  if (parts) {
    const [, y, mm, dd] = parts,
      key = dd ? 'date.day' : mm ? 'date.month' : 'date.year';
    return word(key, { y, mm, dd, m: Number(mm), d: Number(dd) });
  }
  const range = /^([^/]*)\/([^/]*)$/.exec(text);
  if (!range) return text;
  const [from, to] = range.slice(1).map(end => (end && end !== '..' ? dateText(end) : ''));
  return from && to ? word('fromTo', { from, to }) : from ? word('since', { time: from }) : word('until', { time: to });
}

function valueText(value) {
  if (value.k === 'term') return termName(value.t);
  if (/^(date|gYear|gYearMonth)$/.test(value.k) || /^\d{4}(-\d\d){0,2}\/|\/\d{4}(-\d\d){0,2}$/.test(value.t))
    return dateText(value.t);
  return value.t;
}

function amountText(text, unit) {
  const number = Number(text),
    steps = [
      [1e8, word('hundredMillion')],
      [1e4, word('tenThousand')],
    ];
  const [step, name] = steps.find(([size, said]) => said && Math.abs(number) >= size) || [1, ''];
  const short = Number((number / step).toPrecision(12));
  const shown = short.toLocaleString('en', {
    maximumFractionDigits: 6,
    useGrouping: language.page === 'en' || Math.abs(short) >= 1e4,
  });
  const tight = language.page === 'zh' || unit === '%';
  return shown + (name ? ' ' + name : '') + (tight && name ? '' : ' ') + unit;
}

// Line breaks of the source inside a quote are typography, not content.
const tidy = text => text.replace(/\s*\n\s*/g, '');
const percent = text => (text ? Math.round(Number(text) * 100) + ' %' : '');

function announce(text) {
  const toast = $('toast');
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => {
    toast.hidden = true;
  }, 1800);
}
