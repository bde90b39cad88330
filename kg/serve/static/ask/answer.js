// Asks /sparql and reads what comes back: { kind: 'rows' | 'graph' | 'boolean', columns, rows, … }.
// A row is a list of terms as SPARQL's JSON has them ({ type, value, 'xml:lang', datatype }), or nulls.

export const ENDPOINT = '/sparql';
const ACCEPT = 'application/sparql-results+json, application/n-triples;q=0.9';
const TERM = String.raw`<[^>]*>|_:[^\s]+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?`;
const TRIPLE = new RegExp(String.raw`^(${TERM}) (${TERM}) (${TERM}) \.$`);
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?$/s;
const LETTERS = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f' };

/** A query that was not answered: the status (0: nobody there), what the server says, and where the query is wrong. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
    const place = /^query:(\d+):(\d+): /.exec(message);
    this.line = place ? Number(place[1]) : 0;
    this.column = place ? Number(place[2]) : 0;
    this.reason = place ? message.slice(place[0].length) : message;
  }
}

/** The answer to a query; raises Refused, or AbortError once `signal` says so. */
export async function ask(query, signal) {
  const response = await send(query, ACCEPT, signal);
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, text.trimEnd());
  const type = response.headers.get('content-type') || '';
  return type.includes('json') ? rowsOf(JSON.parse(text)) : graphOf(text);
}

/** The answer as text in another format, for a file. */
export async function askAs(query, type) {
  const response = await send(query, type);
  if (!response.ok) throw new Refused(response.status, (await response.text()).trimEnd());
  return response.text();
}

async function send(query, accept, signal) {
  const headers = { 'Content-Type': 'application/sparql-query', Accept: accept };
  try {
    return await fetch(ENDPOINT, { method: 'POST', headers, body: query, signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refused(0, String(error.message));
  }
}

function rowsOf(sent) {
  if ('boolean' in sent) return { kind: 'boolean', value: sent.boolean, columns: [], rows: [] };
  const columns = sent.head.vars;
  const rows = sent.results.bindings.map((row) => columns.map((name) => row[name] || null));
  return { kind: 'rows', columns, rows };
}

function graphOf(text) {
  const rows = [];
  for (const line of text.split('\n')) {
    const match = TRIPLE.exec(line);
    if (match) rows.push(match.slice(1, 4).map(termOf));
  }
  return { kind: 'graph', columns: ['subject', 'predicate', 'object'], rows };
}

function termOf(written) {
  if (written.startsWith('<')) return { type: 'uri', value: unescape(written.slice(1, -1)) };
  if (written.startsWith('_:')) return { type: 'bnode', value: written.slice(2) };
  const [, value, language, datatype] = LITERAL.exec(written);
  const term = { type: 'literal', value: unescape(value) };
  if (language) term['xml:lang'] = language;
  if (datatype) term.datatype = datatype;
  return term;
}

function unescape(text) {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/g, (_, code) =>
    code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : LETTERS[code] || code,
  );
}
