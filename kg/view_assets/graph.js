// What is connected to what, and what of it is shown now.

const around = NODES.map(() => ({ out: [], into: [], values: [], figures: [] }));
const bundles = new Map(); // edges between the same two nodes, whichever way they run
for (const edge of EDGES) {
  around[edge.from].out.push(edge);
  around[edge.to].into.push(edge);
  edge.pair = Math.min(edge.from, edge.to) * NODES.length + Math.max(edge.from, edge.to);
  if (!bundles.has(edge.pair)) bundles.set(edge.pair, []);
  bundles.get(edge.pair).push(edge);
}
for (const value of VALUES) around[value.s].values.push(value);
for (const figure of FIGURES) around[figure.a].figures.push(figure);
const byRank = [...NODES].sort((a, b) => a.rank - b.rank);

const shown = {
  types: new Set(Object.keys(PAGE.types)),
  predicates: new Set(EDGES.map(edge => edge.p)),
  modalities: new Set(PAGE.modalities.filter(name => name !== PAGE.hiddenModality)),
  called: new Set(NODES.filter(node => node.core).map(node => node.id)), // core, and what was searched or expanded
  found: new Set(), // what was searched, beyond the core
  expanded: new Set(), // whose neighbours were called
  hidden: new Set(),
  pinned: new Set(), // in sight whatever is filtered
  near: null, // only these, when a neighbourhood is looked at
  focus: null, // whose neighbourhood that is
  nodes: new Set(),
  edges: new Set(),
  ranked: [], // the nodes themselves, the most important first
  bundles: [], // the edges by the two nodes between which they run
};

const neighbours = id =>
  [...new Set([...around[id].out.map(e => e.to), ...around[id].into.map(e => e.from)])].filter(n => n !== id);

const switchedOn = edge => shown.predicates.has(edge.p) && shown.modalities.has(edge.m);

function passes(edge) {
  return switchedOn(edge) && inTime(edge);
}

// A node whose every relation is switched off goes with them; one that has none stays.
function wanted(node) {
  if (shown.pinned.has(node.id)) return true;
  if (!shown.types.has(node.group) || shown.hidden.has(node.id) || !shown.called.has(node.id)) return false;
  if (shown.near && !shown.near.has(node.id)) return false;
  const { out, into, values, figures } = around[node.id],
    edges = [...out, ...into];
  if (edges.some(passes)) return true;
  if (edges.length && !edges.some(switchedOn)) return false;
  return narrowed() && (edges.length || values.length || figures.length || !time.undated)
    ? [...values, ...figures].some(inTime)
    : !edges.length;
}

function recompute() {
  shown.ranked = byRank.filter(wanted);
  shown.ranked.forEach((node, i) => {
    node.place = i;
  });
  shown.nodes = new Set(shown.ranked.map(node => node.id));
  shown.edges = new Set(EDGES.filter(edge => shown.nodes.has(edge.from) && shown.nodes.has(edge.to) && passes(edge)));
  const found = new Map();
  for (const edge of shown.edges) {
    if (!found.has(edge.pair)) found.set(edge.pair, []);
    found.get(edge.pair).push(edge);
  }
  shown.bundles = [...found.values()];
}

function bringIn(id) {
  if (!shown.called.has(id)) shown.found.add(id);
  shown.called.add(id);
}

// Only what is around a node; nothing for all.
function look(id) {
  shown.focus = id;
  shown.near = id === null ? null : new Set([id, ...neighbours(id)]);
  if (shown.near) for (const near of shown.near) shown.called.add(near);
}

function unfoldAround(id) {
  shown.expanded.add(id);
  for (const near of [id, ...neighbours(id)]) {
    shown.called.add(near);
    shown.hidden.delete(near);
    if (shown.near) shown.near.add(near);
  }
}

// Make sure that a node can be seen, whatever was filtered away.
function call(id) {
  bringIn(id);
  shown.hidden.delete(id);
  shown.types.add(NODES[id].group);
  if (shown.near && !shown.near.has(id)) look(null);
  if (!wanted(NODES[id])) for (const edge of [...around[id].out, ...around[id].into]) shown.predicates.add(edge.p);
  if (!wanted(NODES[id])) setTime(0, STEPS.length - 1, true);
}

function callEdge(edge) {
  call(edge.from);
  call(edge.to);
  shown.predicates.add(edge.p);
  shown.modalities.add(edge.m);
  if (!inTime(edge)) setTime(0, STEPS.length - 1, true);
}
