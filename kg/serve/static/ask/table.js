// The rows of an answer as a table: sorted by a click on a column, a hundred at a time, to be copied and saved.
import { askAs } from './answer.js';
import { copy, make, save, say, written } from './told.js';
import { learn, numberOf, plain, shown, timeOf, titleOf } from './things.js';

const AT_ONCE = 100;

/** A view of the rows of `answer`; `query` is what was asked. */
export function tableOf(answer, query) {
  const view = make('div', { class: 'table-view' });
  const state = { column: -1, down: false, page: 0, rows: answer.rows };
  const redraw = async () => {
    const rows = state.rows.slice(state.page * AT_ONCE, (state.page + 1) * AT_ONCE);
    await learn(rows.flat());
    view.replaceChildren(tools(answer, query), scrolled(answer, rows, state, redraw), pages(state, redraw));
  };
  return { element: view, ready: redraw() };
}

function scrolled(answer, rows, state, redraw) {
  const head = answer.columns.map((name, column) => heading(answer, name, column, state, redraw));
  const body = rows.map((row) => make('tr', {}, ...row.map(cell)));
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...body));
  return make('div', { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': say('table') }, table);
}

function heading(answer, name, column, state, redraw) {
  const chosen = state.column === column;
  const sort = () => {
    state.down = chosen && !state.down;
    Object.assign(state, { column, page: 0, rows: sorted(answer.rows, column, state.down) });
    redraw();
  };
  const mark = chosen ? (state.down ? ' ▼' : ' ▲') : '';
  const order = chosen ? (state.down ? 'descending' : 'ascending') : 'none';
  const button = make('button', { type: 'button', title: say('sortBy', { column: name }), on: { click: sort } }, name + mark);
  return make('th', { scope: 'col', 'aria-sort': order }, button);
}

function cell(term) {
  const kind = Number.isNaN(numberOf(term)) ? (Number.isNaN(timeOf(term)) ? false : 'date') : 'number';
  return make('td', { class: kind }, shown(term));
}

function sorted(rows, column, down) {
  const key = (term) => {
    const number = numberOf(term);
    return Number.isNaN(number) ? timeOf(term) : number;
  };
  const compare = (one, other) => {
    const [a, b] = [key(one[column]), key(other[column])];
    if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
    return titleOf(one[column]).localeCompare(titleOf(other[column]), 'zh');
  };
  const order = [...rows].sort(compare);
  return down ? order.reverse() : order;
}

function tools(answer, query) {
  const button = (label, act) => make('button', { type: 'button', on: { click: act } }, label);
  const buttons = [
    button(say('copyTable'), async (event) => {
      if (await copy(separated(answer, '\t'))) event.target.textContent = say('copied');
    }),
    button(say('csv'), () => save('answer.csv', 'text/csv', '\ufeff' + separated(answer, ','))),
    button(say('json'), () => save('answer.json', 'application/json', JSON.stringify(asJson(answer), null, 1))),
  ];
  if (answer.kind === 'graph') {
    buttons.push(button(say('turtle'), async () => save('answer.ttl', 'text/turtle', await askAs(query, 'text/turtle'))));
  }
  return make('div', { class: 'tools', role: 'group', 'aria-label': say('download') }, ...buttons);
}

function asJson(answer) {
  const binding = (row) => Object.fromEntries(answer.columns.map((name, at) => [name, row[at]]).filter((pair) => pair[1]));
  return { head: { vars: answer.columns }, results: { bindings: answer.rows.map(binding) } };
}

function separated(answer, separator) {
  const field = (text) => (/["\t\r\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [answer.columns, ...answer.rows.map((row) => row.map(plain))];
  return lines.map((line) => line.map(field).join(separator)).join('\r\n') + '\r\n';
}

function pages(state, redraw) {
  const all = state.rows.length;
  if (all <= AT_ONCE) return '';
  const last = Math.ceil(all / AT_ONCE) - 1;
  const turn = (step, label, off) => {
    const click = () => {
      state.page += step;
      redraw();
    };
    return make('button', { type: 'button', disabled: off, on: { click } }, label);
  };
  const range = { from: state.page * AT_ONCE + 1, to: Math.min(all, (state.page + 1) * AT_ONCE), n: written(all) };
  const back = turn(-1, say('previous'), state.page === 0);
  return make('p', { class: 'pages' }, back, say('shown', range), turn(1, say('next'), state.page === last));
}

