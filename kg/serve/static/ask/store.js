// The open queries: kept in the browser between visits where it allows that.
const KEY = 'kg.ask';
const MOST = 30;

/** The tabs that were open, and which one was seen; nothing if the browser keeps nothing. */
export function restored() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    const tabs = kept.tabs.filter((each) => typeof each.query === 'string' && typeof each.title === 'string');
    return tabs.length ? { tabs: tabs.slice(-MOST), active: Math.min(Number(kept.active) || 0, tabs.length - 1) } : null;
  } catch {
    return null;
  }
}

/** Keep tabs; whether that was possible. */
export function keep(tabs, active) {
  const kept = tabs.map(({ title, query, question, view, ran }) => ({ title, query, question, view, ran }));
  try {
    localStorage.setItem(KEY, JSON.stringify({ tabs: kept, active }));
    return true;
  } catch {
    return false;
  }
}
