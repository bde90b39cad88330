// Names appear by importance as long as there is room: a name that would cover another name or a node waits for more zoom.

const CHIEFS = 30;
const chief = node => node.place < Math.min(CHIEFS, shown.ranked.length * 0.06);

class Room {
  constructor() {
    this.cells = new Map();
  }
  *near(box) {
    for (let x = box.x0 >> 6; x <= box.x1 >> 6; x++)
      for (let y = box.y0 >> 6; y <= box.y1 >> 6; y++) yield x * 65536 + y;
  }
  // Whether nothing is there; with `over`, marks of nodes may be, for a name that matters more than they do.
  free(box, self, over = false) {
    for (const cell of this.near(box))
      for (const other of this.cells.get(cell) || []) {
        if (over && other.id !== null && !chief(NODES[other.id])) continue;
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
const fontOf = (weight, size) => `${weight} ${size}px ${FONT}`;

function widthOf(ctx, font, text) {
  if (!widths.has(font)) widths.set(font, new Map());
  const known = widths.get(font);
  if (!known.has(text)) {
    ctx.font = font;
    known.set(text, ctx.measureText(text).width);
  }
  return known.get(text);
}

// Long names break into two lines, between words or in the middle; what is longer still ends in an ellipsis, unless
// the name is wanted whole.
const broken = new Map();
function linesOf(text, whole) {
  if (whole) return breakLines(text, true);
  if (!broken.has(text)) broken.set(text, breakLines(text, false));
  return broken.get(text);
}

function breakLines(text, whole) {
  const dense = /[\u3400-\u9fff]/.test(text),
    limit = dense ? 9 : 20,
    lines = dense ? evenLines([...text], limit, whole) : wordLines(text, limit);
  if (whole || lines.length < 2) return lines;
  const more = lines.length > 2 || [...lines[1]].length > limit;
  return [lines[0], more ? [...lines[1]].slice(0, limit - 1).join('') + '…' : lines[1]];
}

function evenLines(letters, limit, whole) {
  if (letters.length <= limit) return [letters.join('')];
  const at = Math.min(limit, Math.ceil(letters.length / 2)),
    rest = letters.slice(at);
  return [letters.slice(0, at).join(''), ...(whole ? evenLines(rest, limit, true) : [rest.join('')])];
}

function wordLines(text, limit) {
  const lines = [''];
  for (const word of text.split(/(?<=[\s\-–—])/)) {
    if (lines.at(-1) && (lines.at(-1) + word).trim().length > limit) lines.push(word);
    else lines[lines.length - 1] += word;
  }
  return lines.map(line => line.trim());
}

// Names, on a canvas whose pixels are those of the screen.
function drawLabels(ctx, bright, hovered = true) {
  const room = new Room(),
    spots = new Map();
  startNames(ctx);
  for (const box of covered()) room.take(box);
  for (const node of shown.ranked) {
    const spot = onScreen(node),
      radius = radiusOf(node) * view.scale + 1;
    if (!inFrame(spot, 60)) continue;
    const { id } = node;
    spots.set(id, { ...spot, radius });
    room.take({ id, x0: spot.x - radius, y0: spot.y - radius, x1: spot.x + radius, y1: spot.y + radius });
  }
  const over = hovered ? picked.over : null,
    ends = [picked.edge?.from, picked.edge?.to, ...(picked.trail?.nodes || [])],
    first = new Set([picked.node, over, ...ends, ...shown.pinned].filter(id => spots.has(id)));
  ring(ctx, spots.get(picked.node), 3);
  for (const id of [over, ...ends]) ring(ctx, spots.get(id), 2);
  for (const id of shown.pinned) ring(ctx, spots.get(id), 1);
  const named = namedEdges(view.scale, hovered),
    foremost = ({ edges }) => edges.includes(picked.edge) || (hovered && edges.includes(picked.overEdge));
  for (const item of named.filter(foremost)) edgeName(ctx, room, item, true);
  for (const id of first) drawName(ctx, room, NODES[id], spots.get(id), true);
  for (const item of named) if (!foremost(item)) edgeName(ctx, room, item, false);
  if (bright) for (const id of bright) if (spots.has(id) && !first.has(id)) drawName(ctx, room, NODES[id], spots.get(id), false);
  ctx.globalAlpha = bright ? 0.3 : 1;
  let count = 0;
  for (const [id, spot] of spots) {
    if (first.has(id) || bright?.has(id)) continue;
    if (drawName(ctx, room, NODES[id], spot, false) && ++count > 400) break;
  }
  ctx.globalAlpha = 1;
}

// What of the screen lies under the time slider and the line of counts.
function covered() {
  const { left, top } = canvasBox.getBoundingClientRect();
  return ['time', 'status']
    .map(id => $(id).getBoundingClientRect())
    .filter(box => box.width)
    .map(box => ({ id: null, x0: box.left - left, x1: box.right - left, y0: box.top - top, y1: box.bottom - top }));
}

function startNames(ctx) {
  ctx.lineJoin = 'round';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
}

// The names of what is pointed at alone, over all others.
function drawNamesOf(ctx, ids, items) {
  const room = new Room();
  startNames(ctx);
  for (const id of ids) {
    const spot = { ...onScreen(NODES[id]), radius: radiusOf(NODES[id]) * view.scale + 1 };
    ring(ctx, spot, 2);
    drawName(ctx, room, NODES[id], spot, true, true);
  }
  if (items.length <= 24) for (const item of items) edgeName(ctx, room, item, items.length === 1);
}

// A ring around what is selected or under the pointer.
function ring(ctx, spot, width) {
  if (!spot) return;
  ctx.beginPath();
  ctx.arc(spot.x, spot.y, spot.radius + 4, 0, 2 * Math.PI);
  ctx.lineWidth = width;
  ctx.strokeStyle = colours['--accent'];
  ctx.stroke();
}

function drawName(ctx, room, node, spot, forced, plate = false) {
  const { x, y, radius } = spot;
  const size = forced || chief(node) ? 14 : node.place < shown.ranked.length * 0.3 ? 12.5 : 11.5;
  const font = fontOf(forced || size === 14 ? 600 : 400, size),
    lines = linesOf(nameOf(node), forced),
    wide = Math.max(...lines.map(line => widthOf(ctx, font, line))) / 2 + 2,
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
  const within = inScreen(spot) ? frame.screen : frame; // a name on the screen is whole
  const seen = candidate =>
    candidate.x0 > within.left &&
    candidate.x1 < (spot.x < frame.clear ? Math.min(frame.clear, within.right) : within.right) &&
    candidate.y0 > within.top &&
    candidate.y1 < within.bottom;
  const box =
    boxes.find(candidate => seen(candidate) && room.free(candidate, node.id)) ||
    (chief(node) && boxes.find(candidate => seen(candidate) && room.free(candidate, node.id, true))) ||
    (forced ? boxes.find(seen) || boxes[0] : null);
  if (!box) return false;
  room.take({ ...box, id: null });
  if (plate) {
    ctx.fillStyle = colours['--ground'];
    ctx.fillRect(box.x0 - 1, box.y0, box.x1 - box.x0 + 2, box.y1 - box.y0);
  }
  write(ctx, font, lines, box.cx, box.cy, size + 2, colours['--label']);
  return true;
}

function write(ctx, font, lines, x, y, height, colour) {
  ctx.font = font;
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colours['--halo'];
  ctx.fillStyle = colour;
  lines.forEach((line, i) => {
    const top = y + (i - (lines.length - 1) / 2) * height;
    ctx.strokeText(line, x, top);
    ctx.fillText(line, x, top);
  });
}

// The edges that are named: what is selected or pointed at, all once there is room for them, and bundles with their count.
function namedEdges(scale, hovered) {
  const strong = drawn.filter(({ edges }) => emphasis(edges, hovered) === 'strong');
  const some = strong.length > 24 && scale < 0.9 ? strong.filter(({ edges }) => edges.includes(picked.edge)) : strong;
  const all = scale > 1.25 && picked.node === null && !picked.edge && !picked.trail ? drawn : [];
  const counted = scale > 0.35 ? drawn.filter(({ edges }) => edges.length > 1) : [];
  return [...new Set([...some, ...all.slice(0, 160), ...counted])];
}

function edgeName(ctx, room, { edge, edges, line }, forced) {
  if (line.loop) return;
  const text = predicateName(edge.p) + (edges.length > 1 ? ` ×${edges.length}` : ''),
    font = fontOf(forced ? 600 : 400, 11.5),
    wide = widthOf(ctx, font, text) / 2 + 3;
  for (const t of [0.5, 0.38, 0.62, 0.5]) {
    const { x, y } = onScreen(line.point(t)),
      box = { id: null, x0: x - wide, x1: x + wide, y0: y - 8, y1: y + 8 };
    if (!room.free(box) && !(forced && t === 0.5)) continue;
    room.take(box);
    write(ctx, font, [text], x, y, 13, forced ? colours['--accent'] : colours['--edge-label']);
    return;
  }
}
