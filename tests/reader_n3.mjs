// N3.js in a process of its own: `node reader_n3.mjs MODULES` answers a file's path with its N-Quads; see child.py.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Parser, Writer } = createRequire(`${process.argv[2]}/`)('n3');
const formats = { ttl: 'text/turtle', nt: 'application/n-triples', nq: 'application/n-quads', trig: 'application/trig' };
const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

function reply(path) {
  const quads = new Parser({ format: formats[path.split('.').pop()] }).parse(readFileSync(path, 'utf8'));
  return new Writer({ format: 'N-Quads' }).quadsToString(quads);
}

say({ body: 'N3.js' });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say({ body: reply(JSON.parse(line)) });
  } catch (error) {
    say({ error: `${error}` });
  }
}
