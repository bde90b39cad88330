// The page where people ask: questions, open queries, the editor and what comes back.
import { ask, ENDPOINT, Refused } from './answer.js';
import { movable, tab } from './choices.js';
import { declareUsed, go, mark, open, show } from './editor.js';
import { keep, restored } from './store.js';
import { copy, make, ontology, prefixes, questions, say, written } from './told.js';
import { showAnswer, showRefusal } from './views.js';

const $ = (id) => document.getElementById(id);
const BEGUN = [ontology.prefix, 'rdfs'];
let tabs = []; // { title, query, question, view, ran, history, answer, asked, refusal, status }
let active = 0;
let running = null;
let switching = false;

const editor = open($('editor'), () => run(), changed);

function fresh() {
  const numbers = tabs.map((each) => Number(/\d+$/.exec(each.title)?.[0]) || 0);
  const head = BEGUN.filter((prefix) => prefix in prefixes).map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>`);
  const query = `${head.join('\n')}\nSELECT ?thing ?label\nWHERE {\n  ?thing rdfs:label ?label\n}\nLIMIT 20\n`;
  return { title: say('untitled', { n: Math.max(0, ...numbers) + 1 }), query };
}

/** What a bundled question is called in the language of the page. */
function titled(name) {
  return questions.find((each) => each.name === name)?.title;
}

function changed() {
  if (switching || !tabs.length) return;
  tabs[active].query = editor.getValue();
  stored();
}

function stored() {
  if (!keep(tabs, active) && !$('status').textContent) $('status').textContent = say('noStorage');
}

function drawTabs() {
  const drawn = tabs.map((each, at) => {
    const made = tab(`tab-${at}`, each.title, at === active, 'panel', () => visit(at));
    made.title = each.title;
    return made;
  });
  $('tabs').replaceChildren(...drawn);
  $('panel').setAttribute('aria-labelledby', `tab-${active}`);
  const closing = say('closeTab', { title: tabs[active].title });
  $('close').title = closing;
  $('close').setAttribute('aria-label', closing);
  drawn[active].scrollIntoView({ block: 'nearest', inline: 'nearest' });
  for (const link of document.querySelectorAll('[data-question]')) {
    if (link.dataset.question === tabs[active].question) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

function choose(at) {
  if (tabs[active]) tabs[active].history = editor.getDoc().getHistory();
  stop();
  active = at;
  switching = true;
  show(editor, tabs[active].query, tabs[active].history);
  switching = false;
  drawTabs();
  drawAnswer();
  stored();
}

/** Go to a tab, and ask again what had been asked in it before the page was left. */
function visit(at) {
  choose(at);
  if (tabs[at].ran && !tabs[at].answer && !tabs[at].refusal) run();
}

function add(made, asked) {
  tabs.push(made);
  choose(tabs.length - 1);
  if (asked) run();
}

function remove(at) {
  tabs.splice(at, 1);
  if (!tabs.length) tabs.push(fresh());
  const to = Math.min(at < active ? active - 1 : active, tabs.length - 1);
  active = -1; // what was closed keeps no history
  choose(to);
}

/** Open a bundled question, or go to it where it is open. */
function openQuestion(name) {
  const question = questions.find((each) => each.name === name);
  if (!question) return;
  const at = tabs.findIndex((each) => each.question === name);
  if (at >= 0) {
    choose(at);
    if (!tabs[at].answer) run();
  } else {
    add({ title: question.title, query: question.query, question: name }, true);
  }
}

function openQuery(query) {
  const at = tabs.findIndex((each) => each.query === query);
  if (at >= 0) choose(at);
  else add({ ...fresh(), query }, false);
  run();
}

async function run() {
  stop();
  const here = tabs[active];
  declareUsed(editor);
  const query = editor.getValue();
  running = new AbortController();
  const mine = running;
  const began = performance.now();
  waiting(true);
  Object.assign(here, { answer: null, refusal: null, status: '', ran: false });
  try {
    here.answer = await ask(query, mine.signal);
    Object.assign(here, { asked: query, ran: true });
    here.status = summed(here.answer, (performance.now() - began) / 1000);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (!(error instanceof Refused)) throw error;
    here.refusal = error;
  }
  if (running === mine) {
    running = null;
    waiting(false);
    drawAnswer();
    stored();
  }
}

function stop() {
  if (!running) return;
  running.abort();
  running = null;
  waiting(false);
  $('status').textContent = say('stopped');
}

function waiting(now) {
  $('run').textContent = now ? say('stop') : say('run');
  $('answer').setAttribute('aria-busy', String(now));
  if (!now) return;
  delete $('answer').dataset.done;
  $('status').textContent = say('running');
}

function summed(answer, seconds) {
  const took = say('took', { n: written(Number(seconds.toFixed(2))) });
  if (answer.kind === 'boolean') return took;
  const key = `${answer.kind === 'graph' ? 'triple' : 'row'}${answer.rows.length === 1 ? '' : 's'}`;
  return `${say(key, { n: written(answer.rows.length) })} · ${took}`;
}

async function drawAnswer() {
  const here = tabs[active];
  const place = $('answer');
  $('status').textContent = here.status || '';
  delete place.dataset.done;
  if (here.refusal) {
    const { line, column } = here.refusal;
    if (line) mark(editor, line, column);
    showRefusal(place, here.refusal, () => go(editor, line, column));
  } else if (here.answer) {
    await showAnswer(place, here.answer, here.asked, here.view, (view) => {
      here.view = view;
      stored();
    });
  } else {
    place.replaceChildren(make('p', { class: 'empty' }, say('empty')));
  }
  if (here === tabs[active] && !running) place.dataset.done = '';
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const COPIES = {
  link: (query) => `${location.origin}/ask#query=${encodeURIComponent(query)}`,
  curl: (query) => `curl ${location.origin}${ENDPOINT} --data-urlencode ${quoted(`query=${query}`)}`,
  command: (query) => `kg query ${questions.find((each) => each.query === query)?.name || quoted(query)}`,
};

function menu(opened) {
  $('copies').hidden = !opened;
  $('copy').setAttribute('aria-expanded', String(opened));
}

async function copyAs(kind) {
  menu(false);
  $('copy').focus();
  if (await copy(COPIES[kind](editor.getValue()))) $('status').textContent = say('copied');
}

function filter(text) {
  const wanted = text.trim().toLowerCase();
  let left = 0;
  for (const link of document.querySelectorAll('[data-question]')) {
    const question = questions.find((each) => each.name === link.dataset.question);
    const fits = [question.title, question.also, question.name].some((each) => each.toLowerCase().includes(wanted));
    link.parentElement.hidden = !fits;
    left += fits;
  }
  $('no-question').hidden = left > 0;
}

/** Do what the address asks for: #query=… or #question=… */
function heed() {
  const asked = /^#(query|question)=(.*)$/s.exec(location.hash);
  if (!asked) return;
  let text = '';
  try {
    text = decodeURIComponent(asked[2]);
  } catch {
    text = asked[2];
  }
  history.replaceState(null, '', location.pathname + location.search);
  if (asked[1] === 'query') openQuery(text);
  else openQuestion(text);
}

function begin() {
  const kept = restored();
  tabs = (kept?.tabs || []).map((each) => ({ ...each, title: titled(each.question) || each.title }));
  active = -1;
  heed();
  if (!tabs.length) tabs.push(fresh());
  if (active < 0) visit(kept ? kept.active : 0);
  if (matchMedia('(max-width: 800px)').matches) $('questions').open = false;
  movable($('tabs'), (id) => visit(Number(id.slice(4))));
  $('run').addEventListener('click', () => (running ? stop() : run()));
  $('new').addEventListener('click', () => add(fresh(), false));
  $('close').addEventListener('click', () => remove(active));
  $('tabs').addEventListener('keydown', (event) => {
    if (event.key !== 'Delete') return;
    remove(active);
    $(`tab-${active}`).focus();
  });
  $('filter').addEventListener('input', (event) => filter(event.target.value));
  $('copy').addEventListener('click', () => menu($('copies').hidden));
  document.addEventListener('keydown', (event) => event.key === 'Escape' && menu(false));
  document.addEventListener('click', (event) => event.target.closest('.menu') || menu(false));
  for (const button of document.querySelectorAll('[data-as]')) button.addEventListener('click', () => copyAs(button.dataset.as));
  document.querySelector('.questions ul').addEventListener('click', (event) => {
    const link = event.target.closest('[data-question]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openQuestion(link.dataset.question);
  });
  addEventListener('hashchange', heed);
  document.documentElement.dataset.ready = '';
}

begin();
