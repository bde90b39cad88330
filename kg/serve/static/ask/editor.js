// The editor: YASQE, its words in the language of the page, its keys such that the keyboard can leave it.
import { suggest } from './hints.js';
import { prefixes, say } from './told.js';

const Yasqe = window.Yasqe;
Yasqe.defaults.autocompleters = []; // those that it brings ask other servers, or know other prefixes
const EXPECTED = 'This line is invalid. Expected: ';

/** The editor in an element; `run` is called for Ctrl+Enter, `changed` after each change. */
export function open(parent, run, changed) {
  const keys = { Tab: false, 'Shift-Tab': false, 'Ctrl-S': false, 'Ctrl-Enter': run, 'Cmd-Enter': run };
  const editor = new Yasqe(parent, {
    value: '',
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: null,
    prefixCcApi: null,
    screenReaderLabel: say('editor'),
    extraKeys: { ...keys, 'Ctrl-Space': () => suggest(editor) },
  });
  editor.on('change', () => {
    unmark(editor);
    changed();
  });
  editor.on('changes', (_, changes) => {
    if (changes.some(({ origin, text }) => origin === 'complete' || (origin === '+input' && text[0] === ':'))) declareUsed(editor);
  });
  editor.on('inputRead', (_, change) => {
    if (/[\w:?$\u2e80-\u9fff]$/.test(change.text[0]) && !editor.state.completionActive) suggest(editor, true);
  });
  translated(parent);
  return editor;
}

/** The editor's own note on a line that is no SPARQL comes in English. */
function translated(parent) {
  parent.addEventListener('mouseover', (event) => {
    const note = event.target.closest?.('.parseErrorIcon')?.querySelector('.yasqe_tooltip');
    if (note?.firstChild?.nodeValue === EXPECTED) note.firstChild.nodeValue = say('invalidLine');
  });
}

/** Declare the prefixes of the store that are used but not declared, at the top of the query. */
export function declareUsed(editor) {
  const doc = editor.getDoc();
  const declared = editor.getPrefixesFromQuery();
  const used = new Set();
  for (let line = 0; line < doc.lineCount(); line++) {
    if (/^\s*PREFIX\b/i.test(doc.getLine(line))) continue;
    for (const { string, type } of editor.getLineTokens(line)) {
      const prefix = type === 'string-2' ? /^([A-Za-z][\w-]*):/.exec(string)?.[1] : '';
      if (prefix && prefix in prefixes && !(prefix in declared)) used.add(prefix);
    }
  }
  const lines = [...used].sort().map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>\n`);
  if (lines.length) doc.replaceRange(lines.join(''), { line: behindComments(doc), ch: 0 });
}

/** The line where declarations may begin. */
export function behindComments(doc) {
  let line = 0;
  while (line < doc.lastLine() && /^\s*(#|PREFIX\b|BASE\b)/i.test(doc.getLine(line))) line += 1;
  return line;
}

/** Underline from a place (counted from one) to the end of its word. */
export function mark(editor, line, column) {
  unmark(editor);
  const doc = editor.getDoc();
  const at = Math.min(line, doc.lineCount()) - 1;
  const text = doc.getLine(at);
  const from = Math.min(column - 1, Math.max(0, text.length - 1));
  const to = from + Math.max(1, /^[\w:?$-]*/.exec(text.slice(from))[0].length);
  editor.wrong = doc.markText({ line: at, ch: from }, { line: at, ch: to }, { className: 'wrong-here' });
  editor.wrongLine = editor.addLineClass(at, 'background', 'wrong-line');
}

function unmark(editor) {
  editor.wrong?.clear();
  if (editor.wrongLine) editor.removeLineClass(editor.wrongLine, 'background', 'wrong-line');
  editor.wrong = editor.wrongLine = undefined;
}

/** Put the cursor at a place and the keyboard into the editor. */
export function go(editor, line, column) {
  editor.focus();
  editor.getDoc().setCursor({ line: line - 1, ch: column - 1 });
  editor.scrollIntoView(null, 60);
}

/** Show another text, with the history of its own changes. */
export function show(editor, text, history) {
  editor.setValue(text);
  if (history) editor.getDoc().setHistory(history);
  else editor.getDoc().clearHistory();
}
