// The shortest way between two entities over what may be seen, and nodes that are pinned: kept in sight, where they are.

const asking = { from: null }; // the entity whose other end is being searched

function askTrail(id) {
  asking.from = id;
  const field = $('query');
  field.value = '';
  field.placeholder = word('pathTo', { name: nameOf(NODES[id]) });
  field.setAttribute('aria-label', field.placeholder);
  field.focus();
}

function stopAsking() {
  asking.from = null;
  $('query').placeholder = word('search');
  $('query').setAttribute('aria-label', word('search'));
}

// Edges that no switch and no time hides, whether their ends are in the core or not.
function open(edge) {
  return (
    passes(edge) &&
    [edge.from, edge.to].every(id => shown.types.has(NODES[id].group) && !shown.hidden.has(id))
  );
}

// The edges of a shortest way, each with the node it leads to; nothing where there is none.
function shortest(from, to) {
  const by = new Map([[from, null]]);
  for (const id of by.keys()) {
    if (id === to) break;
    for (const edge of [...around[id].out, ...around[id].into]) {
      const next = edge.from === id ? edge.to : edge.from;
      if (!by.has(next) && open(edge)) by.set(next, edge);
    }
  }
  const steps = [];
  for (let at = to; at !== from;) {
    const edge = by.get(at);
    if (!edge) return null;
    steps.unshift({ edge, to: at });
    at = edge.from === at ? edge.to : edge.from;
  }
  return steps;
}

function traceTrail([from, to]) {
  const steps = shortest(from, to);
  const nodes = [from, ...(steps || []).map(step => step.to)];
  picked.trail = { ends: [from, to], steps, nodes: steps ? nodes : [from, to], edges: (steps || []).map(s => s.edge) };
  for (const id of picked.trail.nodes) shown.called.add(id);
  if (shown.near) for (const id of picked.trail.nodes) shown.near.add(id);
}

function showTrail(from, to) {
  if (from === to) return selectNode(to, true);
  Object.assign(picked, { node: null, edge: null });
  traceTrail([from, to]);
  refresh();
  if (picked.trail.nodes.every(id => shown.nodes.has(id))) fitAll(picked.trail.nodes);
  return remember(true);
}

function trailPanel() {
  const { ends, steps } = picked.trail;
  const end = id => el('div', { class: 'end' }, shape(NODES[id].group), nodeLink(id));
  const said = ({ edge, to }) => {
    const mark = edge.arrows ? (edge.to === to ? '↓ ' : '↑ ') : '↕ ';
    const name = button(mark + predicateName(edge.p), () => selectEdge(edge), { class: 'link' });
    return [el('div', { class: 'by' }, name, badge(edge.m)), end(to)];
  };
  const body = steps
    ? el('div', { class: 'triple' }, end(ends[0]), ...steps.flatMap(said))
    : el('p', {}, word('noPath', { from: nameOf(NODES[ends[0]]), to: nameOf(NODES[ends[1]]) }));
  openPanel(
    el('div', { class: 'kind' }, word('path')),
    [el('h2', {}, steps ? word('pathOf', { n: steps.length }) : word('pathNone'))],
    [body],
  );
}

// ---- pins

function pin(id) {
  if (!shown.pinned.delete(id)) shown.pinned.add(id);
  refresh();
  nodePanel(NODES[id]);
  remember(false);
}

// On a tall screen the drawing is turned; the address holds it as it was.
const turned = ({ x, y }) => (upright ? { x: y, y: x } : { x, y });

function trailState(parts) {
  if (picked.trail) parts.set('path', named(picked.trail.ends));
  const pins = [...shown.pinned].map(id => {
    const { x, y } = turned(NODES[id]);
    return `${tail(NODES[id].iri)}@${Math.round(x)}_${Math.round(y)}`;
  });
  if (pins.length) parts.set('pin', pins.join(','));
}

function restorePins(parts) {
  shown.pinned.clear();
  for (const text of (parts.get('pin') || '').split(',')) {
    const found = /^(.*)@(-?\d+)_(-?\d+)$/.exec(text),
      [id] = nodesNamed(found?.[1]);
    if (id === undefined) continue;
    shown.pinned.add(id);
    Object.assign(NODES[id], turned({ x: Number(found[2]), y: Number(found[3]) }));
  }
}

function trailEnds(parts) {
  const ends = nodesNamed(parts.get('path'));
  return ends.length === 2 ? ends : null;
}
