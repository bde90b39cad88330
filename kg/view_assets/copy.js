// A statement as a citation, as Turtle and as the query that returns it.

const namespaces = Object.entries(PAGE.prefixes),
  ours = PAGE.prefix + ':';

function term_(iri) {
  const found = namespaces.find(
    ([, space]) => iri.startsWith(space) && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(iri.slice(space.length)),
  );
  return found ? found[0] + ':' + iri.slice(found[1].length) : '<' + iri + '>';
}

const quoted = text =>
  '"' +
  text.replace(/[\\"\n\r\t]/g, c => ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]) +
  '"';

function valueTerm(value) {
  if (value.k === 'term') return term_(PAGE.namespace + value.t);
  return value.k === 'string' ? quoted(value.t) : quoted(value.t) + '^^xsd:' + value.k;
}

// Only what is asserted, or known beforehand, is a plain triple.
const holds = item => item.m === PAGE.modalities[0] || item.m === 'background';

// item: an edge, a value or a figure of the data
const objectTerm = item => (item.v ? valueTerm(item.v) : term_(NODES[item.to].iri));
const subjectTerm = item => term_(NODES[item.s ?? item.from ?? item.a].iri);

function withPrefixes(body, sparql) {
  const used = namespaces.filter(([name]) => new RegExp('(^|[\\s(^/])' + name + ':').test(body));
  return (
    used.map(([name, space]) => (sparql ? `PREFIX ${name}: <${space}>` : `@prefix ${name}: <${space}> .`)).join('\n') +
    '\n\n' +
    body +
    '\n'
  );
}

function statementTurtle(item) {
  const lines = item.d
    ? [
        `a ${ours}Observation`,
        `${ours}about ${subjectTerm(item)}`,
        ...Object.entries(item.d).map(([name, value]) => `${ours}${name} ${valueTerm(value)}`),
      ]
    : [
        `a rdf:Statement , ${ours}Statement`,
        `rdf:subject ${subjectTerm(item)}`,
        `rdf:predicate ${ours}${item.p}`,
        `rdf:object ${objectTerm(item)}`,
        ...item.l.map(([name, value]) => `${ours}${name} ${valueTerm(value)}`),
      ];
  if (item.c) lines.push(`${ours}confidence ${quoted(item.c)}^^xsd:decimal`);
  const statement = `${term_(item.i)} ${lines.join(' ;\n    ')} ;\n    ${ours}modality ${ours}${item.m} .`;
  const plain = item.d || !holds(item) ? '' : `${subjectTerm(item)} ${ours}${item.p} ${objectTerm(item)} .\n`;
  return item.i ? plain + statement : plain;
}

function nodeTurtle(node) {
  const labels = [node.zh && quoted(node.zh) + '@zh', node.en && quoted(node.en) + '@en'].filter(Boolean);
  const facts = [
    `${term_(node.iri)} a ${ours}${node.kind}` +
      (labels.length ? ` ;\n    rdfs:label ${labels.join(' , ')}` : '') +
      ' .',
  ];
  for (const item of [...around[node.id].out, ...around[node.id].into, ...around[node.id].values])
    if (holds(item)) facts.push(`${subjectTerm(item)} ${ours}${item.p} ${objectTerm(item)} .`);
  return withPrefixes(facts.join('\n'));
}

const EVIDENCE = '  ?evidence oa:hasSource ?document ; oa:hasSelector/oa:exact ?quote .';

function statementSparql(item) {
  const pattern = item.d
    ? `  ?observation ${ours}about ${subjectTerm(item)} ; ${ours}indicator ?indicator ; ${ours}value ?value ; ${ours}modality ?modality ; ${ours}evidence ?evidence .`
    : `  ?statement rdf:subject ${subjectTerm(item)} ; rdf:predicate ${ours}${item.p} ; rdf:object ${objectTerm(item)} ;\n    ${ours}modality ?modality ; ${ours}evidence ?evidence .`;
  return withPrefixes(`SELECT * WHERE {\n${pattern}\n${EVIDENCE}\n}`, true);
}

function nodeSparql(node) {
  const me = term_(node.iri);
  return withPrefixes(
    `SELECT ?subject ?predicate ?object ?modality ?quote WHERE {\n  { ?statement rdf:subject ${me} } UNION { ?statement rdf:object ${me} }\n  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;\n    ${ours}modality ?modality ; ${ours}evidence ?evidence .\n${EVIDENCE}\n}`,
    true,
  );
}

function citation(item) {
  return item.q
    .map(quote => {
      const article = PAGE.articles[quote.d];
      return word('sentence', {
        quote: tidy(quote.x),
        document: articleName(article),
        date: dateText(article.published || ''),
        start: quote.s,
        end: quote.e,
      });
    })
    .join('\n');
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = el('textarea', { class: 'unseen' });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (!done) return announce(word('copyFailed'));
  }
  return announce(word('copied'));
}

function copyButtons(choices) {
  return el(
    'div',
    { class: 'buttons' },
    ...choices
      .filter(([, text]) => text())
      .map(([key, text]) => button(`${word('copy')} ${word(key)}`, () => copy(text()), { 'data-copy': key })),
  );
}
