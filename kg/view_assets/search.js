// Search over Chinese, aliases, English, pinyin and its initials; then over the quotes themselves.

const plainForm = text =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s'’·\-—“”"《》（）()、，,.]/g, '');
for (const node of NODES)
  node.find = node.find.map(([name, full, initials]) => [name, plainForm(name), full, initials]);

function score([, name, full, initials], query) {
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  if (full === query || initials === query) return 2;
  if (full.startsWith(query)) return 3;
  if (initials.startsWith(query)) return 4;
  if (name.includes(query)) return 5;
  if (query.length > 1 && initials.includes(query)) return 6;
  return query.length > 2 && full.includes(query) ? 7 : Infinity;
}

function findNodes(query) {
  const found = [];
  for (const node of NODES) {
    let best = Infinity,
      by = '';
    for (const entry of node.find) {
      const points = score(entry, query);
      if (points < best) [best, by] = [points, entry[0]];
    }
    if (best < Infinity) found.push({ node, by, best });
  }
  return found.sort((a, b) => a.best - b.best || a.node.rank - b.node.rank).slice(0, 12);
}

function findQuotes(query) {
  return query.length < 2
    ? []
    : EDGES.filter(edge => edge.q.some(quote => plainForm(quote.x).includes(query))).slice(0, 5);
}

const hits = { list: [], at: -1 };

function showHits() {
  const query = plainForm($('query').value),
    list = $('hits');
  const nodes = query ? findNodes(query) : [],
    edges = query && asking.from === null ? findQuotes(query) : [];
  const from = asking.from;
  hits.list = [
    ...nodes.map(hit => () => (from === null ? selectNode(hit.node.id, true) : showTrail(from, hit.node.id))),
    ...edges.map(edge => () => selectEdge(edge, true)),
  ];
  const rows = [
    ...nodes.map(hitRow),
    ...(edges.length ? [el('li', { class: 'heading', role: 'presentation' }, word('inQuotes'))] : []),
    ...edges.map(quoteRow),
  ];
  if (query && !hits.list.length) rows.push(el('li', { class: 'empty', role: 'presentation' }, word('nothing')));
  list.replaceChildren(...rows);
  [...list.querySelectorAll('[role=option]')].forEach((row, i) => {
    row.id = 'hit' + i;
    row.addEventListener('mousedown', event => {
      event.preventDefault();
      choose(i);
    });
  });
  list.hidden = !query;
  $('query').setAttribute('aria-expanded', String(!list.hidden));
  moveTo(hits.list.length ? 0 : -1);
}

function hitRow({ node, by }) {
  const name = nameOf(node),
    also = by !== name ? by : node.zh !== name ? node.zh : '';
  return el(
    'li',
    { role: 'option' },
    shape(node.group),
    el('span', { class: 'name' }, isolated(name), also ? el('small', {}, '  ', isolated(also)) : null),
    el('small', {}, typeName(node.kind)),
  );
}

function quoteRow(edge) {
  return el(
    'li',
    { role: 'option' },
    el('span', { class: 'name' }, '“', isolated(tidy(edge.q[0].x)), '”'),
    el('small', {}, predicateName(edge.p)),
  );
}

function moveTo(at) {
  hits.at = at;
  const rows = [...$('hits').querySelectorAll('[role=option]')];
  rows.forEach((row, i) => row.setAttribute('aria-selected', String(i === at)));
  if (rows[at]) {
    rows[at].scrollIntoView({ block: 'nearest' });
    $('query').setAttribute('aria-activedescendant', rows[at].id);
  } else $('query').removeAttribute('aria-activedescendant');
}

function choose(at) {
  const act = hits.list[at];
  closeHits();
  if (act) {
    stopAsking();
    act();
  }
}

function closeHits() {
  $('hits').hidden = true;
  $('query').setAttribute('aria-expanded', 'false');
}

function startSearch() {
  const field = $('query');
  field.addEventListener('input', event => {
    if (!event.isComposing) showHits();
  });
  field.addEventListener('compositionend', showHits);
  field.addEventListener('focus', () => {
    if (field.value) showHits();
  });
  field.addEventListener('blur', () => {
    closeHits();
    stopAsking();
  });
  field.addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229) return; // the input method has the key
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (hits.list.length)
        moveTo((hits.at + (event.key === 'ArrowDown' ? 1 : -1) + hits.list.length) % hits.list.length);
    } else if (event.key === 'Enter') choose(hits.at);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      field.value = '';
      closeHits();
      field.blur();
    }
  });
}
