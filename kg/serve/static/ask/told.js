// What the server told the page: language, prefixes, questions and words; and small ways to make elements.
const told = JSON.parse(document.getElementById('told').textContent);

export const { lang, ontology, prefixes, questions } = told;

/** A text of the page, its {places} filled in. */
export function say(key, values = {}) {
  return told.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** An element with attributes and children; texts become text, never markup. */
export function make(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for a picture. */
export function draw(tag, attributes = {}, ...children) {
  return dress(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** A number as people of the page's language write it. */
export function written(number) {
  return new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', { maximumFractionDigits: 6 }).format(number);
}

/** The same, short enough for an axis. */
export function brief(number) {
  const options = { notation: 'compact', maximumFractionDigits: 2 };
  return new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', options).format(number);
}

/** Put a text on the clipboard; where that is not allowed, show it to be copied by hand. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const dialog = document.getElementById('by-hand');
    const area = dialog.querySelector('textarea');
    area.value = text;
    dialog.showModal();
    area.select();
    return false;
  }
}

/** Let the reader save a text as a file. */
export function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
