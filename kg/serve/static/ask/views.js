// An answer, or why there is none, in the place below the editor, with tabs for the ways to see it.
import { chartOf, hasChart } from './chart.js';
import { movable, tab } from './choices.js';
import { mapOf, placesOf } from './map.js';
import { tableOf } from './table.js';
import { make, say } from './told.js';

const LONGEST_ADDRESS = 15_000;
const HINTS = { tooLarge: 'tooLargeHint', tooLate: 'tooLateHint', unreachable: 'unreachableHint' };

/** Show an answer; `chosen` is the view that is wanted if it fits, `choose` is told which one is looked at. */
export async function showAnswer(place, answer, query, chosen, choose) {
  if (answer.kind === 'boolean') {
    place.replaceChildren(make('p', { class: 'verdict' }, answer.value ? say('yes') : say('no')));
    return;
  }
  if (!answer.rows.length) {
    place.replaceChildren(make('p', { class: 'empty' }, say('nothing')));
    return;
  }
  const views = fitting(answer, query);
  const list = make('div', { role: 'tablist', 'aria-label': say('views'), class: 'views' });
  const panel = make('div', { id: 'view', role: 'tabpanel' });
  const drawTabs = () => {
    list.replaceChildren(...Object.keys(views).map((each) => tab(`view-${each}`, say(each), each === panel.dataset.view, 'view', pick)));
    panel.setAttribute('aria-labelledby', `view-${panel.dataset.view}`);
  };
  const see = (name) => {
    panel.dataset.view = name;
    drawTabs();
    const view = views[name]();
    panel.replaceChildren(view.element);
    return view.ready;
  };
  const pick = (id) => {
    choose(id.slice('view-'.length));
    see(id.slice('view-'.length));
    document.getElementById(id).focus();
  };
  movable(list, pick);
  place.replaceChildren(list, panel);
  const first = see(chosen in views ? chosen : Object.keys(views)[0]);
  const found = await placesOf(answer);
  await first;
  if (!list.isConnected || !found.places.length) return;
  views.map = () => mapOf(found);
  if (chosen === 'map') await see('map');
  else drawTabs();
}

function fitting(answer, query) {
  const views = {};
  if (answer.kind === 'graph') views.network = () => networkOf(query);
  views.table = () => tableOf(answer, query);
  if (hasChart(answer)) views.chart = () => chartOf(answer);
  return views;
}

function networkOf(query) {
  const address = `/network?construct=${encodeURIComponent(query)}`;
  if (address.length > LONGEST_ADDRESS) return { element: make('p', { class: 'refusal' }, say('networkLong')), ready: Promise.resolve() };
  const frame = make('iframe', { src: address, title: say('networkOf'), class: 'network' });
  follow(frame);
  const alone = make('p', { class: 'alone' }, make('a', { href: address, target: '_blank' }, say('openAlone')));
  return { element: make('div', {}, frame, alone), ready: Promise.resolve() };
}

/** Keep the network as light or dark as the page around it. */
function follow(frame) {
  const match = () => {
    const root = frame.contentDocument?.documentElement;
    if (!root || !('ready' in root.dataset) || root.dataset.theme === document.documentElement.dataset.theme) return;
    frame.contentDocument.getElementById('theme')?.click();
  };
  frame.addEventListener('load', () => {
    match();
    new MutationObserver(match).observe(frame.contentDocument.documentElement, { attributeFilter: ['data-ready'] });
  });
  const heard = () => (frame.isConnected ? match() : removeEventListener('themechange', heard));
  addEventListener('themechange', heard);
}

/** Say why there is no answer, and lead to the place in the query. */
export function showRefusal(place, refusal, goTo) {
  const parts = [make('strong', {}, headline(refusal))];
  const kind = kindOf(refusal);
  if (kind in HINTS) parts.push(make('p', {}, say(HINTS[kind])));
  if (refusal.line) parts.push(make('button', { type: 'button', on: { click: goTo } }, say('goThere')));
  const [reason, ...where] = refusal.reason.split('\n');
  parts.push(make('p', { lang: 'en' }, reason));
  if (where.length) parts.push(make('pre', { tabindex: '0', 'aria-label': say('wrong') }, where.join('\n')));
  place.replaceChildren(make('div', { class: 'refusal', role: 'alert' }, ...parts));
}

function headline(refusal) {
  const { status, line, column } = refusal;
  const kind = kindOf(refusal);
  if (kind === 'wrong' && line) return say('wrongAt', { line, column });
  return kind ? say(kind) : say('failed', { status });
}

function kindOf({ status, reason }) {
  if (status === 503) return /did not end/.test(reason) ? 'tooLate' : '';
  return { 0: 'unreachable', 400: 'wrong', 403: 'refused', 422: 'tooLarge' }[status] || '';
}
