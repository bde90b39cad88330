// The drawing. vis-network holds the nodes, the camera and the pointer; edges and labels are drawn here, because one
// canvas path for all edges is several times faster, parallel edges stay apart, and labels never pile up.

const EDGE_STYLE = {
  asserted: { dash: [], colour: '--edge' },
  planned: { dash: [7, 5], colour: '--planned' },
  negated: { dash: [2, 5], colour: '--negated' },
  background: { dash: [1.5, 4], colour: '--edge', alpha: 0.75 },
  other: { dash: [], colour: '--edge' },
};
const UNFOLD = 4; // more parallel edges than this are one line with a count, until they are looked at
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

let upright = false;
const picked = { node: null, edge: null, trail: null, over: null, overEdge: null };
const colours = {};
let dataset, network, canvasBox;

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of [
    '--ground',
    '--edge',
    '--edge-label',
    '--planned',
    '--negated',
    '--accent',
    '--label',
    '--halo',
    '--outline',
    '--card',
  ])
    colours[name] = style.getPropertyValue(name).trim();
}

// The ontology's colours are chosen for a light ground; on a dark one they are mixed with white.
function groundColour(colour) {
  if (document.documentElement.dataset.theme !== 'dark') return colour;
  const mixed = [1, 3, 5].map(at => Math.round(parseInt(colour.slice(at, at + 2), 16) * 0.58 + 255 * 0.42));
  return `rgb(${mixed.join(', ')})`;
}

function nodeColour(node) {
  const look = { background: groundColour(node.color), border: colours['--outline'] };
  return { ...look, highlight: look, hover: look };
}

const visNode = node => ({
  id: node.id,
  x: node.x,
  y: node.y,
  size: node.size,
  shape: node.shape,
  borderWidth: 1.5,
  borderWidthSelected: 1.5,
  color: nodeColour(node),
});

function startCanvas() {
  readColours();
  canvasBox = $('network');
  dataset = new vis.DataSet();
  network = new vis.Network(canvasBox, { nodes: dataset, edges: new vis.DataSet() }, JSON.parse(DATA.options)); // pyvis hands its options on as text
  network.on('beforeDrawing', drawEdges);
  network.on('afterDrawing', drawLabels);
  network.on('click', event => {
    const edge = event.nodes.length ? null : edgeAt(event.pointer.canvas);
    if (event.nodes.length) selectNode(event.nodes[0]);
    else if (edge) selectEdge(edge);
    else clearSelection();
  });
  network.on('doubleClick', event => {
    if (event.nodes.length) expand(event.nodes[0]);
  });
  network.on('hoverNode', event => hover(event.node, null));
  network.on('blurNode', () => hover(null, null));
  network.on('dragEnd', event => {
    event.nodes.forEach(id => Object.assign(NODES[id], network.getPosition(id)));
    remember(false);
  });
  let waiting = false;
  canvasBox.addEventListener('mousemove', event => {
    if (waiting || event.buttons) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (picked.over === null) hover(null, edgeAt(network.DOMtoCanvas({ x: event.offsetX, y: event.offsetY })));
    });
  });
  canvasBox.addEventListener('mouseleave', () => hover(null, null));
}

function hover(node, edge) {
  if (picked.over === node && picked.overEdge === edge) return;
  Object.assign(picked, { over: node, overEdge: edge });
  canvasBox.style.cursor = node !== null || edge ? 'pointer' : '';
  network.redraw();
}

function showNodes() {
  const gone = dataset.getIds().filter(id => !shown.nodes.has(id));
  dataset.remove(gone);
  dataset.add([...shown.nodes].filter(id => !dataset.get(id)).map(id => visNode(NODES[id])));
  fade();
}

// While something is selected, what does not belong to it steps back.
function lit() {
  if (picked.trail) return new Set(picked.trail.nodes);
  if (picked.edge) return new Set([picked.edge.from, picked.edge.to]);
  return picked.node === null ? null : new Set([picked.node, ...neighbours(picked.node)]);
}

function fade() {
  const bright = lit();
  dataset.update(
    [...shown.nodes]
      .filter(id => (NODES[id].faded || false) !== Boolean(bright && !bright.has(id)))
      .map(id => {
        NODES[id].faded = !NODES[id].faded;
        return { id, opacity: NODES[id].faded ? 0.22 : 1 };
      }),
  );
  network.redraw();
}

function recolour() {
  readColours();
  dataset.update([...shown.nodes].map(id => ({ id, color: nodeColour(NODES[id]) })));
}

// ---- edges

// On a tall screen the drawing stands upright, with larger marks for fingers.
function turnUpright() {
  if (canvasBox.clientHeight < canvasBox.clientWidth * 1.2) return;
  upright = true;
  for (const node of NODES) Object.assign(node, { x: node.y, y: node.x, size: node.size * 1.4 });
}

const place = id => network.body.nodes[id];

// Lanes of a bundle: each edge its own arc, or one line for all of them.
function lanes(pair) {
  const edges = bundles.get(pair).filter(edge => shown.edges.has(edge));
  const looked =
    picked.edge?.pair === pair ||
    picked.trail?.edges.some(edge => edge.pair === pair) ||
    edges.some(edge => edge.from === picked.node || edge.to === picked.node);
  return edges.length > UNFOLD && !looked
    ? [{ edges, lane: 0 }]
    : edges.map((edge, i) => ({ edges: [edge], lane: i - (edges.length - 1) / 2 }));
}

function curve(edge, lane) {
  const a = place(edge.from),
    b = place(edge.to);
  if (!a || !b) return null;
  if (edge.from === edge.to) return { a, b, loop: 14 + 10 * Math.abs(lane) };
  const turn = edge.from < edge.to ? 1 : -1,
    dx = b.x - a.x,
    dy = b.y - a.y,
    length = Math.hypot(dx, dy) || 1;
  const bend = (lane * turn * Math.min(44, 14 + length * 0.12)) / length;
  const middle = { x: (a.x + b.x) / 2 - dy * bend, y: (a.y + b.y) / 2 + dx * bend };
  return {
    a,
    b,
    middle,
    point: t => ({
      x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * middle.x + t * t * b.x,
      y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * middle.y + t * t * b.y,
    }),
  };
}

let drawn = []; // the lanes of the last frame, for the pointer and the labels
const frame = { width: 0, height: 0, right: 0 }; // of the canvas on the screen; asking for it is slow

function layEdges() {
  Object.assign(frame, { width: canvasBox.clientWidth, height: canvasBox.clientHeight });
  frame.right =
    $('panel').hidden || frame.width < 700 ? frame.width : $('panel').offsetLeft - canvasBox.parentElement.offsetLeft;
  const corner = network.DOMtoCanvas({ x: 0, y: 0 }),
    far = network.DOMtoCanvas({ x: frame.width, y: frame.height });
  drawn = [];
  for (const pair of new Set([...shown.edges].map(edge => edge.pair))) {
    for (const { edges, lane } of lanes(pair)) {
      const line = curve(edges[0], lane);
      if (!line) continue;
      const { a, b } = line;
      if (
        (a.x < corner.x && b.x < corner.x) ||
        (a.x > far.x && b.x > far.x) ||
        (a.y < corner.y && b.y < corner.y) ||
        (a.y > far.y && b.y > far.y)
      )
        continue;
      drawn.push({ edge: edges[0], edges, line });
    }
  }
}

function emphasis(edges) {
  const strong = edges.some(
    edge =>
      edge === picked.edge ||
      edge === picked.overEdge ||
      picked.trail?.edges.includes(edge) ||
      edge.from === picked.node ||
      edge.to === picked.node ||
      (picked.over !== null && (edge.from === picked.over || edge.to === picked.over)),
  );
  return strong ? 'strong' : edges.every(undatedNow) || picked.node !== null || picked.edge || picked.trail ? 'faint' : 'usual';
}

function drawEdges(ctx) {
  layEdges();
  const kinds = new Map(),
    scale = network.getScale();
  for (const item of drawn) {
    const key = emphasis(item.edges) + ' ' + item.edge.m + (item.edges.length > 1 ? ' many' : '');
    if (!kinds.has(key)) kinds.set(key, []);
    kinds.get(key).push(item);
  }
  const order = ['faint', 'usual', 'strong'];
  for (const [key, items] of [...kinds].sort(
    (a, b) => order.indexOf(a[0].split(' ')[0]) - order.indexOf(b[0].split(' ')[0]),
  )) {
    const [weight, modality, many] = key.split(' ');
    drawGroup(ctx, items, weight, EDGE_STYLE[modality] || EDGE_STYLE.other, many, scale);
  }
}

function drawGroup(ctx, items, weight, style, many, scale) {
  ctx.save();
  ctx.globalAlpha = (weight === 'faint' ? 0.28 : 1) * (style.alpha || 1);
  ctx.strokeStyle = ctx.fillStyle =
    weight === 'strong' && style.colour === '--edge' ? colours['--accent'] : colours[style.colour];
  ctx.lineWidth = ((weight === 'strong' ? 2 : 1.15) + (many ? 1.6 : 0)) / Math.max(0.55, Math.min(scale, 1.4));
  ctx.setLineDash(items.length < 600 ? style.dash : []); // thousands of dashed lines take the screen's processor a third of a second
  ctx.beginPath();
  for (const { line } of items) trace(ctx, line);
  ctx.stroke();
  ctx.setLineDash([]);
  if (scale > 0.3) {
    ctx.beginPath();
    for (const item of items) if (item.edge.arrows) arrow(ctx, item, weight === 'strong' ? 1.25 : 1);
    ctx.fill();
  }
  ctx.restore();
}

function trace(ctx, { a, b, middle, loop }) {
  if (loop) {
    ctx.moveTo(a.x + loop, a.y - loop);
    ctx.arc(a.x, a.y - loop, loop, 0, 2 * Math.PI);
  } else {
    ctx.moveTo(a.x, a.y);
    ctx.quadraticCurveTo(middle.x, middle.y, b.x, b.y);
  }
}

function arrow(ctx, { edge, line }, factor) {
  if (line.loop) return;
  const { middle, b } = line,
    length = Math.hypot(b.x - middle.x, b.y - middle.y) || 1;
  const x = (b.x - middle.x) / length,
    y = (b.y - middle.y) / length,
    back = NODES[edge.to].size + 3;
  const tip = { x: b.x - x * back, y: b.y - y * back },
    long = 9 * factor,
    half = 3.6 * factor;
  ctx.moveTo(tip.x, tip.y);
  ctx.lineTo(tip.x - x * long - y * half, tip.y - y * long + x * half);
  ctx.lineTo(tip.x - x * long + y * half, tip.y - y * long - x * half);
  ctx.closePath();
}

function edgeAt(point) {
  const reach = 8 / network.getScale();
  let best = null,
    nearest = reach;
  for (const { edge, edges, line } of drawn) {
    const distance = line.loop
      ? Math.abs(Math.hypot(point.x - line.a.x, point.y - line.a.y + line.loop) - line.loop)
      : toCurve(point, line);
    if (distance < nearest) [nearest, best] = [distance, edges.includes(picked.edge) ? picked.edge : edge];
  }
  return best;
}

function toCurve(point, line) {
  let least = Infinity,
    from = line.a;
  for (let i = 1; i <= 10; i++) {
    const to = line.point(i / 10),
      dx = to.x - from.x,
      dy = to.y - from.y;
    const t = Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(from.x + t * dx - point.x, from.y + t * dy - point.y));
    from = to;
  }
  return least;
}

// ---- camera

function bring(id, scale = 0.9) {
  const { x, y } = place(id),
    open = $('panel').hidden || canvasBox.clientWidth < 700 ? 0 : $('panel').offsetWidth + 12;
  const to = Math.max(network.getScale(), scale),
    low = canvasBox.clientWidth < 700 && !$('panel').hidden ? $('panel').offsetHeight / 2 : 0;
  network.moveTo({
    position: { x: x + open / 2 / to, y: y + low / to },
    scale: to,
    animation: calm ? false : { duration: 320, easingFunction: 'easeInOutQuad' },
  });
}

// Move no further than needed for what is selected, and what it is joined to, to stand clear of panel and edges.
function reveal(ids) {
  const wide = canvasBox.clientWidth >= 700,
    open = !$('panel').hidden;
  if (!wide && open && network.getScale() < 0.6) return bring(ids[0], 0.8);
  const right = canvasBox.clientWidth - (wide && open ? $('panel').offsetWidth + 100 : 50),
    bottom = canvasBox.clientHeight - (!wide && open ? $('panel').offsetHeight + 40 : 50);
  const spots = ids.filter(id => shown.nodes.has(id)).map(id => network.canvasToDOM(place(id)));
  const x = shift(
      spots.map(spot => spot.x),
      60,
      right,
    ),
    y = shift(
      spots.map(spot => spot.y),
      36,
      bottom,
    );
  if (!x && !y) return undefined;
  const scale = network.getScale(),
    from = network.getViewPosition();
  return network.moveTo({
    position: { x: from.x - x / scale, y: from.y - y / scale },
    animation: calm ? false : { duration: 280, easingFunction: 'easeInOutQuad' },
  });
}

// The least move that brings all numbers between two bounds; if they are too far apart, the first of them.
function shift(numbers, low, high) {
  const few = Math.max(...numbers) - Math.min(...numbers) > high - low ? numbers.slice(0, 1) : numbers;
  return Math.max(0, low - Math.min(...few)) || Math.min(0, high - Math.max(...few));
}

function fitAll(ids = [...shown.nodes]) {
  if (!ids.length) return;
  const xs = ids.map(id => NODES[id].x),
    ys = ids.map(id => NODES[id].y);
  const left = Math.min(...xs),
    right = Math.max(...xs),
    top = Math.min(...ys),
    bottom = Math.max(...ys);
  const covered = !$('panel').hidden && canvasBox.clientWidth >= 700 ? $('panel').offsetWidth + 12 : 0;
  const low = $('time').hidden ? 0 : 46;
  const scale = Math.min(
    1.6,
    (canvasBox.clientWidth - covered - Math.min(110, canvasBox.clientWidth * 0.16)) / (right - left || 1),
    (canvasBox.clientHeight - 110 - low) / (bottom - top || 1),
  );
  network.moveTo({
    position: { x: (left + right) / 2 + covered / 2 / scale, y: (top + bottom) / 2 + (12 + low / 2) / scale },
    scale: Math.max(scale, 0.02),
    animation: false,
  });
}
