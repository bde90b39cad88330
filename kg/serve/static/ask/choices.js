// A row of tabs as the keyboard expects it: arrow keys move, one tab stop for all.
import { make } from './told.js';

/** Let arrow keys, Home and End move between the tabs of a list; `choose` is given the tab arrived at. */
export function movable(list, choose) {
  list.addEventListener('keydown', (event) => {
    const tabs = [...list.querySelectorAll('[role=tab]')];
    const at = tabs.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const id = tabs[(to + tabs.length) % tabs.length].id;
    choose(id);
    document.getElementById(id).focus();
  });
}

/** A tab, chosen or not. */
export function tab(id, title, chosen, panel, choose) {
  const state = { 'aria-selected': String(chosen), tabindex: chosen ? '0' : '-1', 'aria-controls': panel };
  return make('button', { id, type: 'button', role: 'tab', ...state, on: { click: () => choose(id) } }, title);
}
