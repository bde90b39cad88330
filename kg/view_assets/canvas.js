// The picture. vis-network holds the camera and its gestures; edges, nodes and names are drawn here, because one canvas
// path for many of a kind is several times faster, parallel edges stay apart, and names never pile up.
//
// A large picture is drawn once, somewhat larger than the screen, and this sheet is moved while the camera moves; it is
// drawn anew when the camera rests, when the sheet no longer covers the screen, and when something else is shown.

const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const LARGE = 250; // nodes and edges from which on the picture is drawn on a sheet
const MARGIN = 220; // pixels that a sheet is larger than the screen, on each side
const REST = 140; // milliseconds without a movement after which the camera rests
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

let upright = false;
const picked = { node: null, edge: null, trail: null, over: null, overEdge: null };
const colours = {};
let network, canvasBox;

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

function startCanvas() {
  readColours();
  canvasBox = $('network');
  // pyvis hands its options on as text
  network = new vis.Network(canvasBox, { nodes: new vis.DataSet(), edges: new vis.DataSet() }, JSON.parse(DATA.options));
  network.on('beforeDrawing', draw);
  network.on('click', event => {
    const node = nodeAt(event.pointer.canvas),
      edge = node === null ? edgeAt(event.pointer.canvas) : null;
    if (node !== null) selectNode(node);
    else if (edge) selectEdge(edge);
    else clearSelection();
  });
  network.on('doubleClick', event => {
    const node = nodeAt(event.pointer.canvas);
    if (node !== null) expand(node);
  });
  startPointer();
}

// ---- the pointer: what lies under it, and nodes that it drags

const spotOf = event => {
  const box = canvasBox.getBoundingClientRect();
  return network.DOMtoCanvas({ x: event.clientX - box.left, y: event.clientY - box.top });
};

function startPointer() {
  let waiting = false;
  canvasBox.addEventListener('pointermove', event => {
    if (waiting || event.buttons || event.pointerType === 'touch') return; // a finger does not hover
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const spot = spotOf(event),
        node = nodeAt(spot);
      hover(node, node === null ? edgeAt(spot) : null);
    });
  });
  canvasBox.addEventListener('pointerleave', () => hover(null, null));
  canvasBox.addEventListener('pointerdown', hold, true); // before vis-network, which would move the camera
}

let held = null; // lets go of the node that is dragged

function hold(event) {
  held?.(); // a second finger moves the camera
  const spot = spotOf(event),
    id = event.isPrimary && event.button === 0 ? nodeAt(spot) : null;
  network.setOptions({ interaction: { dragView: id === null } });
  if (id === null) return;
  const node = NODES[id],
    off = { x: node.x - spot.x, y: node.y - spot.y },
    start = { x: event.clientX, y: event.clientY };
  let moved = false;
  const move = at => {
    moved ||= Math.hypot(at.clientX - start.x, at.clientY - start.y) > 4;
    if (!moved) return;
    const to = spotOf(at);
    Object.assign(node, { x: to.x + off.x, y: to.y + off.y });
    redraw();
  };
  const release = () => {
    held = null;
    removeEventListener('pointermove', move);
    for (const end of ['pointerup', 'pointercancel']) removeEventListener(end, release);
    if (moved) remember(false);
  };
  held = release;
  addEventListener('pointermove', move);
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, release);
}

function hover(node, edge) {
  if (picked.over === node && picked.overEdge === edge) return;
  Object.assign(picked, { over: node, overEdge: edge });
  canvasBox.style.cursor = node !== null || edge ? 'pointer' : '';
  network.body.emitter.emit('_requestRedraw');
}

// ---- frames

const view = { scale: 1, x: 0, y: 0 }; // a place on the screen is its place in the picture times scale plus x, y
const frame = { left: 0, top: 0, right: 0, bottom: 0, clear: 0, screen: {} }; // what is drawn, in pixels; clear of the panel
const sheet = { canvas: null, scale: 1, x: 0, y: 0, fresh: false, width: 0, height: 0, ratio: 1 };
const camera = { scale: 0, x: 0, y: 0, still: 0 };

function redraw() {
  sheet.fresh = false;
  network.body.emitter.emit('_requestRedraw');
}

function readView(margin = 0) {
  const zero = network.canvasToDOM({ x: 0, y: 0 }),
    { clientWidth: width, clientHeight: height } = canvasBox,
    open = !$('panel').hidden && width >= 700;
  Object.assign(view, { scale: network.getScale(), x: zero.x, y: zero.y });
  Object.assign(frame, { left: -margin, top: -margin, right: width + margin, bottom: height + margin });
  frame.screen = { left: 0, top: 0, right: width, bottom: height };
  frame.clear = open ? $('panel').offsetLeft - canvasBox.parentElement.offsetLeft : frame.right;
}

function draw(ctx) {
  readView();
  const ratio = ctx.getTransform().a / view.scale;
  if (held || shown.ranked.length + shown.edges.size < LARGE) return drawScene(ctx, ratio, true);
  const moves = moving();
  if (!sheet.fresh || !covers(ratio, moves)) drawSheet(ratio);
  const grown = view.scale / sheet.scale;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.imageSmoothingEnabled = grown !== 1;
  ctx.drawImage(
    sheet.canvas,
    snapped(view.x + (-MARGIN - sheet.x) * grown, ratio),
    snapped(view.y + (-MARGIN - sheet.y) * grown, ratio),
    sheet.width * grown,
    sheet.height * grown,
  );
  ctx.restore();
  if (!moves) drawHover(ctx, ratio);
  return undefined;
}

const snapped = (at, ratio) => Math.round(at * ratio) / ratio;

// Whether the camera has just moved; when it comes to rest, a last frame is drawn.
function moving() {
  const { scale, x, y } = view;
  if (scale !== camera.scale || x !== camera.x || y !== camera.y) {
    const first = !camera.scale;
    Object.assign(camera, { scale, x, y });
    if (first) return false;
    clearTimeout(camera.still);
    camera.still = setTimeout(() => {
      camera.still = 0;
      network.body.emitter.emit('_requestRedraw');
    }, REST);
  }
  return camera.still !== 0;
}

// Whether the sheet can stand for the picture: as it is at rest, moved and somewhat larger or smaller in movement.
function covers(ratio, moves) {
  const { clientWidth: width, clientHeight: height } = canvasBox,
    grown = view.scale / sheet.scale,
    left = view.x + (-MARGIN - sheet.x) * grown,
    top = view.y + (-MARGIN - sheet.y) * grown;
  if (sheet.ratio !== ratio || sheet.width !== width + 2 * MARGIN || sheet.height !== height + 2 * MARGIN) return false;
  if (!moves) return grown === 1 && view.x === sheet.x && view.y === sheet.y;
  const covered = left <= 0 && top <= 0 && left + sheet.width * grown >= width && top + sheet.height * grown >= height;
  return covered && grown > 0.6 && grown < 1.8;
}

function drawSheet(ratio) {
  readView(MARGIN);
  const width = frame.right - frame.left,
    height = frame.bottom - frame.top;
  sheet.canvas ||= el('canvas');
  Object.assign(sheet.canvas, { width: width * ratio, height: height * ratio });
  Object.assign(sheet, { ...view, width, height, ratio, fresh: true });
  const ctx = sheet.canvas.getContext('2d');
  ctx.setTransform(ratio, 0, 0, ratio, MARGIN * ratio, MARGIN * ratio);
  ctx.translate(view.x, view.y);
  ctx.scale(view.scale, view.scale);
  drawScene(ctx, ratio, false, MARGIN);
  readView();
}

// Everything, on a canvas whose transformation is that of the picture; `margin` is what it is larger than the screen.
function drawScene(ctx, ratio, hovered, margin = 0) {
  layEdges();
  const bright = lit();
  drawEdges(ctx, hovered);
  drawNodes(ctx, shown.ranked, bright);
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, margin * ratio, margin * ratio);
  drawLabels(ctx, bright, hovered);
  ctx.restore();
}

// What lies under the pointer stands out from a sheet.
function drawHover(ctx, ratio) {
  const { over, overEdge } = picked;
  if (over === null && !overEdge) return;
  const items = drawn.filter(({ edges }) => pointedAt(edges));
  for (const item of items) drawGroup(ctx, [item], 'strong', EDGE_STYLE[item.edge.m] || EDGE_STYLE.other, item.edges.length > 1);
  const ends = over === null ? [overEdge.from, overEdge.to] : [over];
  drawNodes(ctx, ends.map(id => NODES[id]), null);
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawNamesOf(ctx, ends, items);
  ctx.restore();
}
