// The address: a selection is a step in the history, and a view can be sent.

const tail = iri => iri.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '');

// What the reader brought, unfolded and hid, beside what is selected.
const CALLED = { more: () => shown.found, expand: () => shown.expanded, hide: () => shown.hidden };
const named = ids => ids.map(id => tail(NODES[id].iri)).join(',');

let byTail = null;
function nodesNamed(text) {
  byTail ||= new Map(NODES.map(node => [tail(node.iri), node.id]));
  return (text || '')
    .split(',')
    .map(name => byTail.get(name))
    .filter(id => id !== undefined);
}

function state() {
  const off = (all, on) => all.filter(key => !on.has(key)).join(',');
  const parts = new URLSearchParams();
  if (picked.node !== null) parts.set('node', tail(NODES[picked.node].iri));
  if (picked.edge) parts.set('edge', tail(picked.edge.i) || String(picked.edge.id));
  if (language.labels !== PAGE.lang) parts.set('names', language.labels);
  if (language.page !== PAGE.lang) parts.set('lang', language.page);
  const types = off(Object.keys(PAGE.types), shown.types),
    predicates = off(
      Object.keys(PAGE.predicates).filter(key => EDGES.some(e => e.p === key)),
      shown.predicates,
    ),
    modalities = off(PAGE.modalities, shown.modalities);
  if (types) parts.set('types-off', types);
  if (predicates) parts.set('relations-off', predicates);
  if (modalities !== PAGE.hiddenModality) parts.set('modality-off', modalities);
  if (shown.focus !== null) parts.set('near', tail(NODES[shown.focus].iri));
  for (const [key, ids] of Object.entries(CALLED)) if (ids().size) parts.set(key, named([...ids()]));
  timeState(parts);
  trailState(parts);
  return parts.toString().replace(/%2F/g, '/').replace(/%2C/g, ',').replace(/%40/g, '@');
}

let restoring = false;

function remember(step) {
  const next = '#' + state();
  if (restoring || next === (location.hash || '#')) return;
  try {
    if (step) history.pushState(null, '', next);
    else history.replaceState(null, '', next);
  } catch {
    /* a sandboxed frame has no history: the page works without */
  }
}

function restoreCalled(parts) {
  shown.called = new Set(NODES.filter(node => node.core).map(node => node.id));
  for (const ids of Object.values(CALLED)) ids().clear();
  look(nodesNamed(parts.get('near'))[0] ?? null);
  for (const id of nodesNamed(parts.get('expand'))) unfoldAround(id);
  for (const id of nodesNamed(parts.get('more'))) bringIn(id);
  for (const id of nodesNamed(parts.get('hide'))) shown.hidden.add(id);
}

function restore() {
  const parts = new URLSearchParams(location.hash.slice(1)),
    off = key => new Set((parts.get(key) ?? '').split(','));
  restoring = true;
  language.page = PAGE.words[parts.get('lang')] ? parts.get('lang') : PAGE.lang;
  language.labels = ['zh', 'en', 'py'].includes(parts.get('names')) ? parts.get('names') : PAGE.lang;
  for (const [key, all, on] of [
    ['types-off', Object.keys(PAGE.types), shown.types],
    ['relations-off', Object.keys(PAGE.predicates), shown.predicates],
    ['modality-off', PAGE.modalities, shown.modalities],
  ]) {
    const without = key === 'modality-off' && !parts.has(key) ? new Set([PAGE.hiddenModality]) : off(key);
    all.forEach(name => toggle(on, name, !without.has(name)));
  }
  restoreCalled(parts);
  restoreTime(parts);
  restorePins(parts);
  relabel();
  const [node] = nodesNamed(parts.get('node'));
  const edge = EDGES.find(
    candidate => parts.get('edge') && (tail(candidate.i) || String(candidate.id)) === parts.get('edge'),
  );
  if (node !== undefined) selectNode(node);
  else if (edge) selectEdge(edge);
  else if (trailEnds(parts)) showTrail(...trailEnds(parts));
  else clearSelection();
  restoring = false;
}
