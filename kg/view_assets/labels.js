// Names appear by importance as long as there is room: a name that would cover another name or a node waits for more zoom.

class Room {
  constructor() {
    this.cells = new Map();
  }
  *near(box) {
    for (let x = box.x0 >> 6; x <= box.x1 >> 6; x++)
      for (let y = box.y0 >> 6; y <= box.y1 >> 6; y++) yield x * 65536 + y;
  }
  free(box, self) {
    for (const cell of this.near(box))
      for (const other of this.cells.get(cell) || []) {
        if (other.id !== self && box.x0 < other.x1 && box.x1 > other.x0 && box.y0 < other.y1 && box.y1 > other.y0)
          return false;
      }
    return true;
  }
  take(box) {
    for (const cell of this.near(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push(box);
    }
  }
}

const widths = new Map(); // by font, then by text

function widthOf(ctx, text) {
  if (!widths.has(ctx.font)) widths.set(ctx.font, new Map());
  const known = widths.get(ctx.font);
  if (!known.has(text)) known.set(text, ctx.measureText(text).width);
  return known.get(text);
}

// Long names break into two lines, at a space or in the middle; what is longer still ends in an ellipsis unless selected.
function linesOf(text, whole) {
  const wide = [...text],
    limit = /[\u2e80-\uffff]/.test(text) ? 9 : 20;
  if (wide.length <= limit) return [text];
  const space = text.lastIndexOf(' ', limit),
    at = space > limit / 3 ? space : Math.min(limit, Math.ceil(wide.length / 2));
  const rest = wide.slice(at).join('').trim();
  if (whole && rest.length > limit) return [wide.slice(0, at).join(''), ...linesOf(rest, true)];
  return [wide.slice(0, at).join(''), [...rest].length > limit ? [...rest].slice(0, limit - 1).join('') + '…' : rest];
}

function drawLabels(ctx) {
  const scale = network.getScale(),
    ratio = ctx.getTransform().a / scale,
    room = new Room();
  const at = id => network.canvasToDOM(place(id)),
    { width, height } = frame;
  const inside = p => p.x > -60 && p.y > -30 && p.x < width + 60 && p.y < height + 30;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.lineJoin = 'round';
  ctx.textBaseline = 'middle';
  const spots = new Map();
  for (const id of shown.nodes) {
    const spot = at(id);
    if (!inside(spot)) continue;
    const radius = NODES[id].size * scale + 1;
    spots.set(id, { ...spot, radius });
    room.take({ id, x0: spot.x - radius, y0: spot.y - radius, x1: spot.x + radius, y1: spot.y + radius });
  }
  ring(ctx, spots);
  const bright = lit(),
    first = new Set(
      [
        picked.node,
        picked.over,
        picked.edge?.from,
        picked.edge?.to,
        ...(picked.trail?.nodes || []),
        ...shown.pinned,
      ].filter(id => id != null && spots.has(id)),
    );
  const named = namedEdges(scale);
  for (const item of named.filter(({ edges }) => pointed(edges))) edgeName(ctx, room, item);
  for (const id of first) drawName(ctx, room, NODES[id], spots.get(id), true);
  for (const item of named.filter(({ edges }) => !pointed(edges))) edgeName(ctx, room, item);
  const done = new Set(first);
  if (bright)
    for (const id of bright)
      if (spots.has(id) && !done.has(id)) {
        done.add(id);
        drawName(ctx, room, NODES[id], spots.get(id), false);
      }
  let count = 0;
  for (const node of byRank) {
    if (!spots.has(node.id) || done.has(node.id)) continue;
    if (count > 400) break;
    ctx.globalAlpha = bright ? 0.3 : 1;
    if (drawName(ctx, room, node, spots.get(node.id), false)) count++;
  }
  ctx.restore();
}

// A ring around what is selected or under the pointer.
function ring(ctx, spots) {
  for (const [id, width] of [
    [picked.node, 3],
    [picked.over, 2],
    [picked.edge?.from, 2],
    [picked.edge?.to, 2],
    ...(picked.trail?.nodes || []).map(id => [id, 2]),
    ...[...shown.pinned].map(id => [id, 1]),
  ]) {
    const spot = id == null ? null : spots.get(id);
    if (!spot) continue;
    ctx.beginPath();
    ctx.arc(spot.x, spot.y, spot.radius + 4, 0, 2 * Math.PI);
    ctx.lineWidth = width;
    ctx.strokeStyle = colours['--accent'];
    ctx.stroke();
  }
}

function drawName(ctx, room, node, spot, forced) {
  const { x, y, radius } = spot;
  const size = forced ? 14 : node.rank < NODES.length * 0.06 ? 14 : node.rank < NODES.length * 0.3 ? 12.5 : 11.5;
  ctx.font = `${forced || size === 14 ? 600 : 400} ${size}px ${FONT}`;
  const lines = linesOf(nameOf(node), forced),
    wide = Math.max(...lines.map(line => widthOf(ctx, line))) / 2 + 2,
    high = lines.length * (size + 2);
  const sides = [
    [x, y + radius + 3 + high / 2],
    [x, y - radius - 3 - high / 2],
    [x + radius + 4 + wide, y],
    [x - radius - 4 - wide, y],
  ];
  const boxes = sides.map(([cx, cy]) => ({
    id: node.id,
    cx,
    cy,
    x0: cx - wide,
    x1: cx + wide,
    y0: cy - high / 2,
    y1: cy + high / 2,
  }));
  const seen = candidate =>
    candidate.x0 > 0 &&
    candidate.x1 < (spot.x < frame.right ? frame.right : frame.width) &&
    candidate.y0 > 0 &&
    candidate.y1 < frame.height;
  const box =
    boxes.find(candidate => seen(candidate) && room.free(candidate, node.id)) ||
    (forced ? boxes.find(seen) || boxes[0] : null);
  if (!box) return false;
  room.take({ ...box, id: null });
  write(ctx, lines, box.cx, box.cy, size + 2, colours['--label']);
  return true;
}

function write(ctx, lines, x, y, height, colour) {
  ctx.textAlign = 'center';
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colours['--halo'];
  ctx.fillStyle = colour;
  lines.forEach((line, i) => {
    const top = y + (i - (lines.length - 1) / 2) * height;
    ctx.strokeText(line, x, top);
    ctx.fillText(line, x, top);
  });
}

const pointed = edges => edges.includes(picked.edge) || edges.includes(picked.overEdge);

// The edges that are named: what is selected or pointed at, all once there is room for them, and bundles with their count.
function namedEdges(scale) {
  const chosen = drawn.filter(({ edges }) => emphasis(edges) === 'strong');
  const some = chosen.length > 24 && scale < 0.9 ? chosen.filter(({ edges }) => pointed(edges)) : chosen;
  const all = scale > 1.25 && picked.node === null && !picked.edge && !picked.trail ? drawn : [];
  const counted = scale > 0.35 ? drawn.filter(({ edges }) => edges.length > 1) : [];
  return [...new Set([...some, ...all.slice(0, 160), ...counted])];
}

function edgeName(ctx, room, { edge, edges, line }) {
  if (line.loop) return;
  const forced = pointed(edges),
    text = predicateName(edge.p) + (edges.length > 1 ? ` ×${edges.length}` : '');
  ctx.font = `${forced ? 600 : 400} 11.5px ${FONT}`;
  const wide = widthOf(ctx, text) / 2 + 3;
  for (const t of [0.5, 0.38, 0.62, 0.5]) {
    const { x, y } = network.canvasToDOM(line.point(t)),
      box = { id: null, x0: x - wide, x1: x + wide, y0: y - 8, y1: y + 8 };
    if (!room.free(box) && !(forced && t === 0.5)) continue;
    room.take(box);
    write(ctx, [text], x, y, 13, forced ? colours['--accent'] : colours['--edge-label']);
    return;
  }
}
