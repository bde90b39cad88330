// Nodes: all of one look are one path.

const SEEN = 2; // pixels of the screen below which no node's radius falls

// While something is selected, what does not belong to it steps back.
function lit() {
  if (picked.trail) return new Set(picked.trail.nodes);
  if (picked.edge) return new Set([picked.edge.from, picked.edge.to]);
  return picked.node === null ? null : new Set([picked.node, ...neighbours(picked.node)]);
}

// The ontology's colours are chosen for a light ground; on a dark one they are mixed with white.
const mixtures = new Map();
function groundColour(colour) {
  if (document.documentElement.dataset.theme !== 'dark') return colour;
  if (!mixtures.has(colour)) {
    const mixed = [1, 3, 5].map(at => Math.round(parseInt(colour.slice(at, at + 2), 16) * 0.58 + 255 * 0.42));
    mixtures.set(colour, `rgb(${mixed.join(', ')})`);
  }
  return mixtures.get(colour);
}

const radiusOf = node => Math.max(node.size, SEEN / view.scale);
const inFrame = ({ x, y }, more) =>
  x > frame.left - more && x < frame.right + more && y > frame.top - more && y < frame.bottom + more;
const inScreen = ({ x, y }) => x >= 0 && y >= 0 && x <= frame.screen.right && y <= frame.screen.bottom;
const onScreen = ({ x, y }) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y });

const TURNS = { triangle: [3, -1], triangleDown: [3, 1], hexagon: [6, 0], diamond: [4, 1] }; // corners, and where the first is

// Outlines as vis-network has them, as parts of one path.
function traceNode(ctx, shape, x, y, r) {
  if (shape === 'square') {
    corners(ctx, [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]]);
  } else if (shape === 'star') {
    corners(ctx, Array.from({ length: 10 }, (_, i) => polar(x, y + 0.1 * r, i % 2 ? 0.42 * r : 1.07 * r, i / 10 - 0.25)));
  } else if (TURNS[shape]) {
    const [count, way] = TURNS[shape],
      far = count === 3 ? 1.3 * r : r,
      start = count === 6 ? 0 : way * 0.25;
    corners(ctx, Array.from({ length: count }, (_, i) => polar(x, y - (count === 3 ? way * 0.3 * r : 0), far, i / count + start)));
  } else if (shape === 'database') {
    const wide = 0.85 * r, high = 0.7 * r, bow = 0.6 * r;
    ctx.moveTo(x - wide, y - high);
    ctx.quadraticCurveTo(x, y - high - bow, x + wide, y - high);
    ctx.lineTo(x + wide, y + high);
    ctx.quadraticCurveTo(x, y + high + bow, x - wide, y + high);
    ctx.closePath();
  } else {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
}

const polar = (x, y, r, turn) => [x + r * Math.cos(2 * Math.PI * turn), y + r * Math.sin(2 * Math.PI * turn)];

function corners(ctx, spots) {
  spots.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.closePath();
}

function drawNodes(ctx, nodes, bright) {
  const looks = new Map();
  for (const node of nodes) {
    if (!inFrame(onScreen(node), radiusOf(node) * view.scale)) continue;
    const key = (bright && !bright.has(node.id) ? '-' : '+') + node.color;
    if (!looks.has(key)) looks.set(key, []);
    looks.get(key).push(node);
  }
  ctx.save();
  ctx.strokeStyle = colours['--outline'];
  ctx.lineJoin = 'round';
  for (const [key, alike] of [...looks].sort((a, b) => (a[0] < b[0] ? 1 : -1))) {
    ctx.globalAlpha = key[0] === '-' ? 0.22 : 1;
    ctx.fillStyle = groundColour(key.slice(1));
    ctx.beginPath();
    for (const node of alike) traceNode(ctx, node.shape, node.x, node.y, radiusOf(node));
    ctx.lineWidth = 3;
    if (view.scale > 0.4) ctx.stroke(); // a rim, half of it under the node
    ctx.fill();
  }
  ctx.restore();
}

// The node whose mark is nearest to a place of the picture, if it is under it or all but.
function nodeAt({ x, y }) {
  let best = null,
    nearest = Infinity;
  const more = 3 / network.getScale();
  for (const node of shown.ranked) {
    const away = Math.hypot(node.x - x, node.y - y);
    if (away < nearest && away < radiusOf(node) + more) [nearest, best] = [away, node.id];
  }
  return best;
}
