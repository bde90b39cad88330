// Edges: parallel ones stand apart, or are one line with their count; all of one kind are one path.

const EDGE_STYLE = {
  asserted: { dash: [], colour: '--edge' },
  planned: { dash: [7, 5], colour: '--planned' },
  negated: { dash: [2, 5], colour: '--negated' },
  background: { dash: [1.5, 4], colour: '--edge', alpha: 0.75 },
  other: { dash: [], colour: '--edge' },
};
const UNFOLD = 3; // more parallel edges than this are one line with a count, until they are looked at
const MANY = 900; // edges from which on each is paler, so that what is dense can be told from what is not

// On a tall screen the drawing stands upright, with larger marks for fingers.
function turnUpright() {
  if (canvasBox.clientHeight < canvasBox.clientWidth * 1.2) return;
  upright = true;
  for (const node of NODES) Object.assign(node, { x: node.y, y: node.x, size: node.size * 1.4 });
}

const place = id => (shown.nodes.has(id) ? NODES[id] : null);

// Lanes of a bundle: each edge its own arc, or one line for all of them.
function lanes(edges) {
  if (edges.length === 1) return [{ edges, lane: 0 }];
  return edges.length > UNFOLD && !edges.some(chosen)
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
    straight: !bend,
    point: t => ({
      x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * middle.x + t * t * b.x,
      y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * middle.y + t * t * b.y,
    }),
  };
}

let drawn = []; // the lanes of the last picture, for the pointer and the names

function layEdges() {
  const [left, top, right, bottom] = [frame.left - view.x, frame.top - view.y, frame.right - view.x, frame.bottom - view.y].map(
    at => at / view.scale,
  );
  drawn = [];
  for (const bundle of shown.bundles)
    for (const { edges, lane } of lanes(bundle)) {
      const line = curve(edges[0], lane);
      if (!line) continue;
      const { a, b } = line;
      if ((a.x < left && b.x < left) || (a.x > right && b.x > right)) continue;
      if ((a.y < top && b.y < top) || (a.y > bottom && b.y > bottom)) continue;
      drawn.push({ edge: edges[0], edges, line });
    }
}

const chosen = edge =>
  edge === picked.edge || picked.trail?.edges.includes(edge) || (picked.node !== null && (edge.from === picked.node || edge.to === picked.node));
const pointedAt = edges =>
  edges.some(
    edge => edge === picked.overEdge || (picked.over !== null && (edge.from === picked.over || edge.to === picked.over)),
  );

function emphasis(edges, hovered) {
  if (edges.some(chosen) || (hovered && pointedAt(edges))) return 'strong';
  return edges.every(undatedNow) || picked.node !== null || picked.edge || picked.trail ? 'faint' : 'usual';
}

function drawEdges(ctx, hovered = true) {
  const kinds = new Map();
  for (const item of drawn) {
    const key = emphasis(item.edges, hovered) + ' ' + item.edge.m + (item.edges.length > 1 ? ' many' : '');
    if (!kinds.has(key)) kinds.set(key, []);
    kinds.get(key).push(item);
  }
  const order = ['faint', 'usual', 'strong'];
  for (const [key, items] of [...kinds].sort(
    (a, b) => order.indexOf(a[0].split(' ')[0]) - order.indexOf(b[0].split(' ')[0]),
  )) {
    const [weight, modality, many] = key.split(' ');
    drawGroup(ctx, items, weight, EDGE_STYLE[modality] || EDGE_STYLE.other, many);
  }
}

function drawGroup(ctx, items, weight, style, many) {
  const { scale } = view;
  ctx.save();
  const pale = weight === 'strong' ? 1 : Math.max(0.35, Math.min(1, MANY / drawn.length));
  ctx.globalAlpha = (weight === 'faint' ? 0.28 : pale) * (style.alpha || 1);
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

function trace(ctx, { a, b, middle, loop, straight }) {
  if (loop) {
    ctx.moveTo(a.x + loop, a.y - loop);
    ctx.arc(a.x, a.y - loop, loop, 0, 2 * Math.PI);
  } else {
    ctx.moveTo(a.x, a.y);
    if (straight) ctx.lineTo(b.x, b.y);
    else ctx.quadraticCurveTo(middle.x, middle.y, b.x, b.y);
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

