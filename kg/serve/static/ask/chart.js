// An answer with numbers or dates as bars or as a line: which column is drawn, by which, in which unit is up to the reader.
import { brief, draw, make, say, written } from './told.js';
import { learn, numberOf, timeOf, titleOf } from './things.js';

const MOST_BARS = 30;
const MOST_LEARNT = 500;
const MOST_LISTED = 1000;
const [NARROWEST, WIDEST] = [330, 1100];
const ROW = 30;
const HEIGHT = 360;
const UNITS = /^unit$/i;

/** What of an answer can be drawn: columns of numbers, of dates, of names, of units. */
function columnsOf(answer) {
  const at = answer.columns.map((_, column) => column);
  const filled = (column) => answer.rows.map((row) => row[column]).filter(Boolean);
  const all = (column, test) => filled(column).length > 0 && filled(column).every((term) => !Number.isNaN(test(term)));
  const numbers = at.filter((column) => all(column, numberOf));
  const dates = at.filter((column) => !numbers.includes(column) && all(column, timeOf));
  const units = at.filter((column) => UNITS.test(answer.columns[column]) && filled(column).length > 0);
  const names = at.filter((column) => ![...numbers, ...dates, ...units].includes(column) && filled(column).length > 0);
  return { numbers, dates, units, names };
}

/** Whether there is anything to draw. */
export function hasChart(answer) {
  const { numbers, dates, names } = columnsOf(answer);
  if (answer.kind !== 'rows' || answer.rows.length < 2) return false;
  return dates.length > 0 || (numbers.length > 0 && names.length > 0);
}

/** A view with choices, picture and figures. */
export function chartOf(answer) {
  const columns = columnsOf(answer);
  const state = first(columns, answer);
  const view = make('div', { class: 'chart-view' });
  const redraw = () => {
    const points = pointsOf(answer, state);
    view.replaceChildren(choices(answer, columns, state, redraw), picture(points, answer, state), figures(points, answer, state));
  };
  const watch = new ResizeObserver(([entry]) => {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, entry.contentRect.width - 4)));
    if (width === state.width) return;
    state.width = width;
    redraw();
  });
  watch.observe(view);
  return { element: view, ready: learn(answer.rows.slice(0, MOST_LEARNT).flat()).then(redraw) };
}

function first(columns, answer) {
  const unit = columns.units[0] ?? -1;
  const by = columns.dates[0] ?? columns.names[0];
  return { value: columns.numbers[0] ?? -1, by, unit, units: unit < 0 ? '' : unitsOf(answer, unit)[0], dates: columns.dates, names: columns.names, width: NARROWEST };
}

/** The units of a column, the most frequent first. */
function unitsOf(answer, column) {
  const counts = new Map();
  for (const row of answer.rows) {
    const unit = titleOf(row[column]);
    counts.set(unit, (counts.get(unit) || 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0])).map(([unit]) => unit);
}

function choices(answer, columns, state, redraw) {
  const parts = [];
  const add = (label, options, chosen, choose) => {
    if (options.length < 2) return;
    const made = options.map(([value, text]) => make('option', { value, selected: String(value) === String(chosen) }, text));
    const change = (event) => {
      choose(event.target.value);
      redraw();
    };
    parts.push(make('label', {}, label, ' ', make('select', { on: { change } }, ...made)));
  };
  const named = (column) => [column, answer.columns[column]];
  const values = [...columns.numbers.map(named), ...(columns.dates.length ? [[-1, say('count')]] : [])];
  add(say('value'), values, state.value, (value) => (state.value = Number(value)));
  add(say('by'), [...columns.dates, ...columns.names].map(named), state.by, (value) => (state.by = Number(value)));
  if (state.unit >= 0) {
    const units = unitsOf(answer, state.unit).map((unit) => [unit, unit]);
    add(say('unit'), units, state.units, (value) => (state.units = value));
  }
  return make('div', { class: 'tools' }, ...parts);
}

/** What is drawn: [{ name, value, time }], one for each row, or one for each year where rows are counted. */
function pointsOf(answer, state) {
  const rows = answer.rows.filter((row) => state.unit < 0 || titleOf(row[state.unit]) === state.units);
  const dated = state.dates.includes(state.by);
  if (state.value < 0) return counted(rows, state.by, dated);
  const also = furtherColumn(rows, state);
  const points = rows
    .filter((row) => row[state.value] && row[state.by])
    .map((row) => ({
      name: titleOf(row[state.by]),
      also: also < 0 ? '' : titleOf(row[also]),
      value: numberOf(row[state.value]),
      time: timeOf(row[state.by]),
    }));
  return dated ? points.sort((one, other) => one.time - other.time) : points;
}

/** The column that tells rows apart whose names are the same: the one with the most different texts; or none. */
function furtherColumn(rows, state) {
  const different = (column) => new Set(rows.map((row) => titleOf(row[column]))).size;
  if (different(state.by) === rows.length) return -1;
  const others = state.names.filter((column) => column !== state.by);
  return others.sort((one, other) => different(other) - different(one))[0] ?? -1;
}

function counted(rows, column, dated) {
  const counts = new Map();
  for (const row of rows) {
    if (!row[column]) continue;
    const name = dated ? String(new Date(timeOf(row[column])).getUTCFullYear()) : titleOf(row[column]);
    counts.set(name, (counts.get(name) || 0) + 1);
  }
  const points = [...counts].map(([name, value]) => ({ name, also: '', value, time: NaN }));
  return points.sort((one, other) => (dated ? Number(one.name) - Number(other.name) : other.value - one.value));
}

function titles(answer, state) {
  const value = state.value < 0 ? say('count') : answer.columns[state.value];
  const by = state.value < 0 && state.dates.includes(state.by) ? say('perYear', { by: answer.columns[state.by] }) : answer.columns[state.by];
  return { value: state.units ? `${value} [${state.units}]` : value, by };
}

function picture(points, answer, state) {
  const distinct = new Set(points.map((point) => point.time)).size;
  const line = state.value >= 0 && state.dates.includes(state.by) && distinct === points.length && distinct > 2;
  const label = say('chartOf', titles(answer, state));
  const shown = line ? points : points.slice(0, MOST_BARS);
  const note = shown.length < points.length ? ` · ${say('barsShown', { n: shown.length, all: points.length })}` : '';
  const drawn = line ? lined(points, state.width) : barred(shown, state.width);
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', label);
  return make('figure', {}, make('figcaption', {}, label + note), make('div', { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': label }, drawn));
}

function barred(points, width) {
  const names = Math.round(width * (width < 500 ? 0.46 : 0.36));
  const height = points.length * ROW + 10;
  const low = Math.min(0, ...points.map((point) => point.value));
  const high = Math.max(0, ...points.map((point) => point.value)) || 1;
  const x = (value) => names + ((value - low) / (high - low)) * (width - names - 80);
  const rows = points.map((point, at) => {
    const y = at * ROW + 5;
    const name = point.also ? `${point.name} · ${point.also}` : point.name;
    const start = Math.min(x(0), x(point.value));
    return draw(
      'g',
      {},
      draw('title', {}, `${name}: ${written(point.value)}`),
      draw('text', { x: names - 8, y: y + 17, 'text-anchor': 'end' }, clipped(name, names - 12)),
      draw('rect', { class: 'bar-mark', x: start, y: y + 3, width: Math.max(1, Math.abs(x(point.value) - x(0))), height: ROW - 10, rx: 3 }),
      draw('text', { x: Math.max(x(0), x(point.value)) + 6, y: y + 17 }, brief(point.value)),
    );
  });
  const zero = draw('line', { class: 'axis', x1: x(0), x2: x(0), y1: 0, y2: height });
  return draw('svg', { class: 'drawn', viewBox: `0 0 ${width} ${height}`, width, height }, ...rows, zero);
}

function lined(points, width) {
  const [left, right, top, bottom] = [80, width - 50, 20, HEIGHT - 40];
  const times = points.map((point) => point.time);
  const values = points.map((point) => point.value);
  const [low, high] = [Math.min(0, ...values), Math.max(...values, 0) || 1];
  const x = (time) => left + ((time - times[0]) / (times.at(-1) - times[0])) * (right - left);
  const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const path = points.map((point, at) => `${at ? 'L' : 'M'}${x(point.time).toFixed(1)} ${y(point.value).toFixed(1)}`).join('');
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => low + part * (high - low));
  const lines = grid.flatMap((value) => [
    draw('line', { class: 'grid', x1: left, x2: right, y1: y(value), y2: y(value) }),
    draw('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, brief(value)),
  ]);
  let free = -Infinity;
  const dots = points.flatMap((point) => {
    const at = x(point.time);
    const dot = draw('circle', { class: 'spot', cx: at, cy: y(point.value), r: 4.5 }, draw('title', {}, `${point.name}: ${written(point.value)}`));
    if (at < free) return [dot];
    free = at + 90;
    return [dot, draw('text', { x: at, y: bottom + 22, 'text-anchor': 'middle' }, point.name)];
  });
  return draw('svg', { class: 'drawn', viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT }, ...lines, draw('path', { class: 'curve', d: path }), ...dots);
}

/** A text that is no wider than so many pixels at the size of the chart. */
function clipped(text, most) {
  let width = 0;
  for (let at = 0; at < text.length; at++) {
    width += text.charCodeAt(at) > 0x2e7f ? 14 : 8;
    if (width > most) return `${text.slice(0, Math.max(1, at - 1))}…`;
  }
  return text;
}

function figures(points, answer, state) {
  const { value, by } = titles(answer, state);
  const also = points.some((point) => point.also);
  const head = make('tr', {}, ...[by, ...(also ? [''] : []), value].map((text) => make(text ? 'th' : 'td', text ? { scope: 'col' } : {}, text)));
  const rows = points.slice(0, MOST_LISTED).map((point) => {
    const names = [point.name, ...(also ? [point.also] : [])].map((text) => make('td', {}, text));
    return make('tr', {}, ...names, make('td', { class: 'number' }, written(point.value)));
  });
  const table = make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
  return make('details', {}, make('summary', {}, say('chartTable')), make('div', { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': say('chartTable') }, table));
}
