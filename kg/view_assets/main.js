// Selection, address, languages, theme, keyboard: what ties the parts together.

function refresh() {
  if (picked.trail) traceTrail(picked.trail.ends);
  recompute();
  if (picked.trail) trailPanel();
  redraw();
  updateLegend();
  const counts = { nodes: shown.nodes.size, allNodes: NODES.length, edges: shown.edges.size, allEdges: EDGES.length };
  $('status').textContent = word('shown', counts);
  if (!$('table').hidden) drawTable();
  remember(false);
}

function selectNode(id, far) {
  Object.assign(picked, { node: id, edge: null, trail: null });
  if (!shown.nodes.has(id)) {
    call(id);
    refresh();
  }
  nodePanel(NODES[id]);
  settle(() => (far ? bring(id) : reveal([id, ...neighbours(id)])));
}

function selectEdge(edge, far) {
  Object.assign(picked, { node: null, edge, trail: null });
  if (!shown.edges.has(edge)) {
    callEdge(edge);
    refresh();
  }
  edgePanel(edge);
  settle(() => (far ? bring(edge.from) : revealEdge(edge)));
}

function settle(move) {
  redraw();
  move();
  remember(true);
}

function clearSelection() {
  Object.assign(picked, { node: null, edge: null, trail: null });
  $('panel').hidden = true;
  redraw();
  remember(true);
}

function focusOn(id) {
  look(id);
  refresh();
  if (picked.node !== null) nodePanel(NODES[picked.node]);
  fitAll();
}

function expand(id) {
  unfoldAround(id);
  refresh();
  selectNode(id);
}

function hide(id) {
  shown.pinned.delete(id);
  shown.hidden.add(id);
  clearSelection();
  refresh();
}

// ---- words, theme, table, picture

function relabel() {
  document.documentElement.lang = language.page === 'zh' ? 'zh-CN' : 'en';
  for (const [attribute, property] of [
    ['data-word', 'textContent'],
    ['data-hint', 'title'],
    ['data-placeholder', 'placeholder'],
  ]) {
    for (const place of document.querySelectorAll(`[${attribute}]`))
      place[property] = word(place.getAttribute(attribute));
  }
  for (const place of document.querySelectorAll('[data-name]'))
    place.setAttribute('aria-label', word(place.dataset.name));
  for (const choice of document.querySelectorAll('[data-labels]')) {
    choice.setAttribute('aria-checked', String(choice.dataset.labels === language.labels));
    choice.tabIndex = choice.dataset.labels === language.labels ? 0 : -1;
  }
  showTime();
  drawLegend();
  refresh();
  if (picked.node !== null) nodePanel(NODES[picked.node]);
  else if (picked.edge) edgePanel(picked.edge);
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  if (!network) return;
  readColours();
  redraw();
}

function drawTable() {
  const limit = 2000,
    rows = EDGES.filter(edge => shown.edges.has(edge)),
    head = ['subject', 'predicate', 'object', 'modality', 'quote'];
  const row = edge =>
    el(
      'tr',
      {},
      el('td', {}, nodeLink(edge.from)),
      el(
        'td',
        {},
        button(predicateName(edge.p), () => selectEdge(edge), { class: 'link' }),
      ),
      el('td', {}, nodeLink(edge.to)),
      el('td', {}, termName(edge.m)),
      el('td', {}, isolated(edge.q.length ? tidy(edge.q[0].x) : '')),
    );
  const note = $('status').textContent + (rows.length > limit ? ' · ' + word('rows', { n: limit }) : '');
  $('table').replaceChildren(
    el(
      'table',
      {},
      el('caption', {}, note),
      el('thead', {}, el('tr', {}, ...head.map(key => el('th', { scope: 'col' }, word(key))))),
      el('tbody', {}, ...rows.slice(0, limit).map(row)),
    ),
  );
}

// ---- keyboard: on the canvas, arrows walk to the neighbour that lies that way, or move the picture

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function walk([dx, dy]) {
  if (picked.node === null) {
    const { x, y } = network.getViewPosition(),
      step = 90 / network.getScale();
    return network.moveTo({ position: { x: x + dx * step, y: y + dy * step }, animation: false });
  }
  const here = place(picked.node);
  const ahead = neighbours(picked.node)
    .filter(id => shown.nodes.has(id))
    .map(id => {
      const x = place(id).x - here.x,
        y = place(id).y - here.y;
      return { id, along: x * dx + y * dy, away: Math.hypot(x, y) };
    })
    .filter(({ along, away }) => along > 0.35 * away);
  ahead.sort((a, b) => a.away / (a.along / a.away) - b.away / (b.along / b.away));
  return ahead.length ? selectNode(ahead[0].id) : undefined;
}

function canvasKey(event) {
  if (ARROWS[event.key]) walk(ARROWS[event.key]);
  else if (event.key === '+' || event.key === '=')
    network.moveTo({ scale: network.getScale() * 1.25, animation: false });
  else if (event.key === '-') network.moveTo({ scale: network.getScale() / 1.25, animation: false });
  else if (event.key === '0') fitAll();
  else if (event.key === 'Enter' && picked.node === null && !picked.edge)
    selectNode(byRank.find(node => shown.nodes.has(node.id)).id);
  else if (event.key === 'Enter') $('panel').focus();
  else return;
  event.preventDefault();
}

function pageKey(event) {
  if (event.isComposing) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
  if (event.key === '/' && !typing) {
    event.preventDefault();
    $('query').focus();
  }
  if (event.key === 'Escape') {
    if ($('legend').classList.contains('open')) toggleLegend();
    else clearSelection();
    canvasBox.focus({ preventScroll: true });
  }
}

function toggleLegend() {
  $('legend-button').setAttribute('aria-expanded', String($('legend').classList.toggle('open')));
}

function setLabels(name) {
  language.labels = name;
  relabel();
}

function start() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  setTheme(dark.matches);
  startCanvas();
  startSearch();
  startTime();
  $('fit').addEventListener('click', () => fitAll());
  $('picture').addEventListener('click', savePng);
  $('vector').addEventListener('click', saveSvg);
  $('legend-button').addEventListener('click', toggleLegend);
  $('theme').addEventListener('click', () => setTheme(document.documentElement.dataset.theme !== 'dark'));
  $('language').addEventListener('click', () => {
    language.page = language.labels = language.page === 'zh' ? 'en' : 'zh';
    relabel();
  });
  $('table-button').addEventListener('click', event => {
    $('table').hidden = !$('table').hidden;
    event.currentTarget.setAttribute('aria-pressed', String(!$('table').hidden));
    if (!$('table').hidden) {
      drawTable();
      $('table').focus();
    }
  });
  const choices = [...document.querySelectorAll('[data-labels]')];
  choices.forEach((choice, i) => {
    choice.addEventListener('click', () => setLabels(choice.dataset.labels));
    choice.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = choices[(i + step + choices.length) % choices.length];
        setLabels(next.dataset.labels);
        next.focus();
      }
    });
  });
  canvasBox.addEventListener('keydown', canvasKey);
  document.addEventListener('keydown', pageKey);
  window.addEventListener('popstate', restore);
  window.addEventListener('hashchange', restore);
  turnUpright();
  recompute();
  fitAll();
  restore();
  // For tests: where on the screen something is, and which relations share a line.
  window.networkPage = {
    nodes: NODES,
    edges: EDGES,
    shown,
    steps: STEPS,
    scale: () => network.getScale(),
    nodeAt: id => network.canvasToDOM(place(id)),
    edgeAt: (id, t = 0.5) => {
      const lane = drawn.find(({ edges }) => edges.includes(EDGES[id]));
      return lane && network.canvasToDOM(lane.line.point(t));
    },
    lanes: () => drawn.map(({ edges }) => edges.map(edge => edge.id)),
    atRest: () => !camera.still,
    hit: (x, y) => edgeAt(network.DOMtoCanvas({ x, y }))?.id,
  };
  document.documentElement.dataset.ready = 'true';
}

start();
