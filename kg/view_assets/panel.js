// What is known of the selected entity or statement, with the words that say so.

function badge(modality) {
  return modality === PAGE.modalities[0] ? null : el('span', { class: 'badge ' + modality }, termName(modality));
}

function nodeLink(id) {
  return button(
    isolated(nameOf(NODES[id])),
    event => {
      event.preventDefault();
      selectNode(id);
    },
    { class: 'link', title: typeName(NODES[id].kind) },
  );
}

// The quote in its context, the names of subject and object underlined in it.
function quoteBlock(quote, names) {
  const mark = el('mark'),
    article = PAGE.articles[quote.d];
  for (const [text, named] of cut(tidy(quote.x), names)) mark.append(named ? el('b', {}, text) : text);
  const facts = [
    article && articleName(article),
    article?.published && dateText(article.published),
    quote.s >= 0 && `${word('position')} ${quote.s}–${quote.e}`,
    quote.r && `${word('rule')} ${quote.r}`,
    quote.c && `${word('confidence')} ${percent(quote.c)}`,
  ];
  return el(
    'figure',
    { class: 'quote' },
    el(
      'blockquote',
      { lang: 'zh', dir: 'auto' },
      el('span', { class: 'around' }, '…' + tidy(quote.b)),
      mark,
      el('span', { class: 'around' }, tidy(quote.a) + '…'),
    ),
    el('figcaption', {}, ...facts.filter(Boolean).map(text => el('span', {}, isolated(text)))),
  );
}

function cut(text, names) {
  const known = names.filter(name => name.length > 1 || text.includes(name)).sort((a, b) => b.length - a.length);
  const parts = [];
  for (let i = 0, from = 0; i <= text.length;) {
    const name = known.find(candidate => candidate && text.startsWith(candidate, i));
    if (name || i === text.length) {
      if (i > from) parts.push([text.slice(from, i), false]);
      if (!name) break;
      parts.push([name, true]);
      i = from = i + name.length;
    } else i++;
  }
  return parts;
}

const namesOf = item =>
  [item.s ?? item.from ?? item.a, item.to]
    .filter(id => id !== undefined)
    .flatMap(id => [NODES[id].zh, ...NODES[id].alt]);

function quoteBlocks(item) {
  if (!item.q.length) return [el('p', { class: 'quiet' }, word('noQuote'))];
  return item.q.map(quote => quoteBlock(quote, namesOf(item)));
}

// One fact, folded: what it says; unfolded: the words. The whole row unfolds it for the pointer, its button for everybody.
function factRow(item, said, open) {
  const rest = [...(item.l || []), ...(item.h || [])].map(([, value]) => valueText(value)).join('，');
  const fold = button('', null, { class: 'fold', 'aria-label': word('quotes') });
  const row = el(
    'div',
    {
      class: 'said',
      on: { click: event => (event.target === fold || !event.target.closest('button')) && unfold(fact, !fact.unfolded) },
    },
    ...said,
    rest ? el('span', { class: 'quiet' }, isolated(rest)) : null,
    badge(item.m),
    item.q.length > 1 ? el('span', { class: 'badge' }, word('places', { n: item.q.length })) : null,
    fold,
  );
  const copies = copyButtons([
    ['citation', () => citation(item)],
    ['turtle', () => item.i && withPrefixes(statementTurtle(item))],
    ['sparql', () => item.i && statementSparql(item)],
  ]);
  const words = el('div', {}, ...quoteBlocks(item), copies);
  const fact = el('div', { class: 'fact' + (item.d ? ' figure' : '') }, row, words);
  return unfold(fact, open);
}

function unfold(fact, open) {
  fact.unfolded = open;
  fact.lastChild.hidden = !open;
  fact.querySelector('.fold').setAttribute('aria-expanded', String(open));
  return fact;
}

function groups(id) {
  const found = new Map();
  const add = (key, title, item, said) => {
    if (!found.has(key)) found.set(key, { title, rows: [] });
    found.get(key).rows.push([item, said]);
  };
  const { values, out, into } = Object.fromEntries(
    Object.entries(around[id]).map(([kind, facts]) => [kind, facts.filter(inTime)]),
  );
  for (const value of values)
    add('=' + value.p, predicateName(value.p), value, [el('span', {}, isolated(valueText(value.v)))]);
  for (const edge of out)
    add('>' + edge.p, predicateName(edge.p) + (edge.arrows ? ' →' : ' ↔'), edge, [
      shape(NODES[edge.to].group),
      nodeLink(edge.to),
    ]);
  for (const edge of into)
    add(
      (edge.arrows ? '<' : '>') + edge.p,
      (edge.arrows ? '← ' : '') + predicateName(edge.p) + (edge.arrows ? '' : ' ↔'),
      edge,
      [shape(NODES[edge.from].group), nodeLink(edge.from)],
    );
  return [...found.values()];
}

function figureSaid({ d }) {
  const about = PAGE.terms[d.approximation?.t],
    roughly = about && about.code !== 'exact' ? termName(d.approximation.t) + ' ' : '';
  const amount = roughly + amountText(d.value?.t ?? '', d.unit?.t ?? '');
  const change = d.change
    ? ' ' + ({ increase: '↑ ', decrease: '↓ ' }[PAGE.terms[d.change.t]?.code] || '') + termName(d.change.t)
    : '';
  const against = d.comparedWith ? ' ' + word('against', { time: valueText(d.comparedWith) }) : '';
  return [
    el('span', {}, isolated(d.indicator?.t ?? '')),
    el('span', { class: 'amount', title: d.value?.t }, amount),
    el('span', { class: 'quiet' }, (d.time ? valueText(d.time) : '') + change + against),
  ];
}

function factGroups(id) {
  const found = groups(id),
    figures = around[id].figures.filter(inTime),
    total = found.reduce((sum, group) => sum + group.rows.length, 0) + figures.length;
  const open = total <= 3;
  const sections = found.map(({ title, rows }) =>
    el(
      'section',
      {},
      el('h3', {}, title, rows.length > 1 ? el('span', {}, String(rows.length)) : null),
      ...rows.map(([item, said]) => factRow(item, said, open)),
    ),
  );
  if (figures.length)
    sections.push(
      el(
        'section',
        {},
        el('h3', {}, word('figures'), el('span', {}, String(figures.length))),
        ...series(figures).map(chart),
        ...figures.map(figure => factRow(figure, figureSaid(figure), open)),
      ),
    );
  if (!sections.length) sections.push(el('section', { class: 'quiet' }, word('noFacts')));
  if (total > 3) sections[0].querySelector('h3').append(allQuotes());
  return sections;
}

function allQuotes() {
  const link = button(
    word('expandQuotes'),
    () => {
      const all = [...$('panel').querySelectorAll('.fact')],
        open = all.some(row => !row.unfolded);
      all.forEach(row => unfold(row, open));
      link.textContent = word(open ? 'collapseQuotes' : 'expandQuotes');
    },
    { class: 'link' },
  );
  return link;
}

function openPanel(kind, head, body) {
  const close = button('×', clearSelection, { class: 'close', 'aria-label': word('close'), title: word('close') });
  $('panel').replaceChildren(el('div', { class: 'top' }, kind, ...head, close), el('div', { class: 'body' }, ...body));
  $('panel').hidden = false;
  $('panel').scrollTop = 0;
}

// Where a server shows this network, it has a page for each thing and statement; the single file has none.
function pageLink(iri) {
  const base = document.documentElement.dataset.base;
  return base && iri?.startsWith(base)
    ? el('p', {}, el('a', { href: '/' + iri.slice(base.length), target: '_top' }, word('openPage')))
    : null;
}

function nodePanel(node) {
  const others = otherNames(node),
    more = [];
  if (node.alt.length) more.push(el('dt', {}, word('aliases')), el('dd', {}, isolated(node.alt.join('、'))));
  if (node.mentions) more.push(el('dt', {}, word('mentions')), el('dd', {}, word('times', { n: node.mentions })));
  more.push(
    el('dt', {}, word('identifiers')),
    el(
      'dd',
      {},
      ...[node.iri, ...node.same].map(iri =>
        el(
          'div',
          {},
          button(isolated(term_(iri)), () => copy(iri), { class: 'link', title: `${word('copy')} ${iri}` }),
        ),
      ),
    ),
  );
  const far = neighbours(node.id).some(id => !shown.nodes.has(id));
  const actions = el(
    'div',
    { class: 'buttons' },
    shown.near
      ? button(word('everything'), () => focusOn(null))
      : button(word('neighbourhood'), () => focusOn(node.id)),
    far ? button(word('expand'), () => expand(node.id)) : null,
    button(word('pathFrom'), () => askTrail(node.id)),
    button(word('pin'), () => pin(node.id), {
      title: word('pinHint'),
      'aria-pressed': String(shown.pinned.has(node.id)),
    }),
    button(word('hide'), () => hide(node.id)),
    ...copyButtons([
      ['turtle', () => nodeTurtle(node)],
      ['sparql', () => nodeSparql(node)],
    ]).children,
  );
  openPanel(
    el('div', { class: 'kind' }, shape(node.group), typeName(node.kind)),
    [el('h2', {}, isolated(nameOf(node))), ...others.map(name => el('div', { class: 'other' }, isolated(name)))],
    [pageLink(node.iri), el('dl', { class: 'meta' }, ...more), actions, ...factGroups(node.id)],
  );
}

function edgePanel(edge) {
  const end = id => el('div', { class: 'end' }, shape(NODES[id].group), nodeLink(id));
  const triple = el(
    'div',
    { class: 'triple' },
    end(edge.from),
    el('div', { class: 'by' }, (edge.arrows ? '↓ ' : '↕ ') + predicateName(edge.p), badge(edge.m)),
    end(edge.to),
    pageLink(edge.i),
  );
  const facts = [
    [word('modality'), termName(edge.m)],
    edge.c && [word('confidence'), percent(edge.c)],
    ...edge.l.map(([name, value]) => [predicateName(name), valueText(value)]),
  ].filter(Boolean);
  const siblings = bundles.get(edge.pair).filter(other => other !== edge);
  const others = siblings.map(other =>
    el(
      'div',
      {},
      button(
        isolated(
          `${nameOf(NODES[other.from])} · ${predicateName(other.p)} ${other.arrows ? '→' : '↔'} ${nameOf(NODES[other.to])}`,
        ),
        () => selectEdge(other),
        { class: 'link' },
      ),
      ' ',
      badge(other.m),
    ),
  );
  openPanel(
    el('div', { class: 'kind' }, word('relation')),
    [triple],
    [
      el(
        'dl',
        { class: 'meta' },
        ...facts.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, isolated(text))]),
      ),
      el('section', {}, el('h3', {}, word('quotes'), el('span', {}, String(edge.q.length))), ...quoteBlocks(edge)),
      copyButtons([
        ['citation', () => citation(edge)],
        ['turtle', () => withPrefixes(statementTurtle(edge))],
        ['sparql', () => edge.i && statementSparql(edge)],
      ]),
      others.length ? el('section', {}, el('h3', {}, word('others')), ...others) : null,
    ].filter(Boolean),
  );
}
