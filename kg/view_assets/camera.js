// The camera: to what is selected, and no further than needed; to everything.

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

// A short edge is looked at from nearer.
function revealEdge({ from, to }) {
  const [a, b] = [network.canvasToDOM(place(from)), network.canvasToDOM(place(to))],
    long = Math.hypot(a.x - b.x, a.y - b.y);
  if (from !== to && long < 70 && network.getScale() < 1.2) bring(from, Math.min(1.6, (network.getScale() * 150) / (long || 1)));
  else reveal([from, to]);
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
