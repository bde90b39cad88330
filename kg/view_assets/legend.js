// The legend is the filter: types, modalities and relations, each with its mark, its switch and its count.

function legendSection(title, keys, chosen, row, counts, bulk = true) {
  const list = el('ul');
  for (const key of keys) {
    const box = el('input', {
      type: 'checkbox',
      'data-key': key,
      on: {
        change: () => {
          toggle(chosen, key, box.checked);
          refresh();
        },
      },
    });
    box.checked = chosen.has(key);
    const label = el(
      'label',
      { title: row(key).hint || '' },
      box,
      ...row(key).parts,
      el('span', { class: 'count', 'data-count': key }),
    );
    const only = button(
      word('only'),
      () => {
        chosen.clear();
        chosen.add(key);
        refresh();
      },
      { class: 'link only' },
    );
    list.append(el('li', {}, label, bulk ? only : null));
  }
  const set = all => () => {
    chosen.clear();
    if (all) keys.forEach(key => chosen.add(key));
    refresh();
  };
  const links = bulk
    ? [button(word('all'), set(true), { class: 'link' }), button(word('none'), set(false), { class: 'link' })]
    : [];
  const section = el('section', {}, el('h2', {}, title, ...links), list);
  section.update = () => {
    const now = counts();
    for (const box of section.querySelectorAll('input')) box.checked = chosen.has(box.dataset.key);
    for (const place of section.querySelectorAll('[data-count]')) {
      const [some, all] = now.get(place.dataset.count) || [0, 0];
      place.textContent = some === all ? String(all) : some + '/' + all;
    }
  };
  return section;
}

function toggle(set, key, on) {
  if (on) set.add(key);
  else set.delete(key);
}

function tally(items, key, isShown) {
  const counts = new Map();
  for (const item of items) {
    const pair = counts.get(key(item)) || [0, 0];
    counts.set(key(item), [pair[0] + (isShown(item) ? 1 : 0), pair[1] + 1]);
  }
  return counts;
}

const typeCounts = () =>
  tally(
    NODES,
    node => node.group,
    node => shown.nodes.has(node.id),
  );
const predicateCounts = () =>
  tally(
    EDGES,
    edge => edge.p,
    edge => shown.edges.has(edge),
  );
const modalityCounts = () =>
  tally(
    [...EDGES, ...VALUES, ...FIGURES],
    fact => fact.m,
    fact => (fact.id === undefined ? shown.modalities.has(fact.m) : shown.edges.has(fact)),
  );
const byCount = counts => [...counts].sort((a, b) => b[1][1] - a[1][1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);

function stroke(modality) {
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 26 8', width: 26, height: 8, 'aria-hidden': 'true' }))
    line.setAttribute(key, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path'),
    style = EDGE_STYLE[modality] || EDGE_STYLE.other;
  for (const [key, value] of Object.entries({
    d: 'M1 4h24',
    'stroke-width': 2,
    'stroke-dasharray': style.dash.join(' '),
  }))
    path.setAttribute(key, value);
  path.style.stroke = `var(${style.colour})`;
  line.append(path);
  return line;
}

function drawLegend() {
  const name = text => el('span', { class: 'word' }, text);
  const types = Object.keys(PAGE.types).filter(key => NODES.some(node => node.group === key));
  const sections = [
    legendSection(
      word('types'),
      types,
      shown.types,
      key => ({ parts: [shape(key), name(typeName(key))], hint: PAGE.types[key]['hint_' + language.page] }),
      typeCounts,
    ),
    legendSection(
      word('modalities'),
      PAGE.modalities,
      shown.modalities,
      key => ({ parts: [stroke(key), name(termName(key))] }),
      modalityCounts,
      false,
    ),
    legendSection(
      word('predicates'),
      byCount(predicateCounts()),
      shown.predicates,
      key => ({ parts: [name(predicateName(key))], hint: PAGE.predicates[key]['hint_' + language.page] }),
      predicateCounts,
    ),
  ];
  const documents = el(
    'section',
    { class: 'documents' },
    el('h2', {}, word('documents')),
    el(
      'ul',
      {},
      ...PAGE.articles
        .slice(0, 50)
        .map(article =>
          el(
            'li',
            {},
            isolated(articleName(article)),
            article.published ? el('span', { class: 'quiet' }, ' · ' + dateText(article.published)) : null,
          ),
        ),
    ),
  );
  const reading = el(
    'section',
    {},
    el('h2', {}, word('reading')),
    ...['reading1', 'reading2', 'reading3'].map(key => el('p', {}, word(key))),
  );
  if (NODES.some(node => !node.core))
    reading.append(el('p', {}, word('core', { core: NODES.filter(node => node.core).length })));
  reading.append(
    el(
      'p',
      {},
      word('summary', {
        nodes: NODES.length,
        edges: EDGES.length,
        values: VALUES.length,
        figures: FIGURES.length,
        documents: PAGE.articles.length,
      }),
    ),
  );
  $('legend').replaceChildren(el('section', { id: 'hidden-nodes' }), ...sections, documents, reading);
  updateLegend();
}

// Back to sight with everything that was hidden one by one.
function showHidden() {
  shown.hidden.clear();
  remember(true);
  refresh();
}

function updateLegend() {
  const n = shown.hidden.size;
  $('hidden-nodes').hidden = !n;
  $('hidden-nodes').replaceChildren(button(word('unhide', { n }), showHidden, { class: 'link' }));
  for (const section of $('legend').children) if (section.update) section.update();
}
