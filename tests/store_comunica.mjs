// Comunica in a process of its own: `node store_comunica.mjs MODULES FILE` answers SPARQL over a file; see child.py.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [modules, file] = process.argv.slice(2);
const { QueryEngine } = createRequire(`${modules}/`)('@comunica/query-sparql-file');
const engine = new QueryEngine();
const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

async function reply(query) {
  const answer = await engine.query(query, { sources: [file] });
  const type = answer.resultType === 'bindings' ? 'application/sparql-results+json' : 'application/n-triples';
  const { data } = await engine.resultToString(answer, type);
  const parts = [];
  for await (const part of data) parts.push(part);
  return parts.join('');
}

say({ body: 'Comunica' });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say({ body: await reply(JSON.parse(line)) });
  } catch (error) {
    say({ error: `${error}` });
  }
}
