// The places in an answer on an outline of provinces that the server brings along. Nothing else is drawn or named on it.
import { draw, make, say } from './told.js';
import { addressOf, iriOf, labelOf, learn, numberOf, placeOf, titleOf } from './things.js';

const OUTLINE = '/static/vendor/outline/china.json';
const LATITUDES = /^(lat|latitude)$/i;
const LONGITUDES = /^(lon|lng|long|longitude)$/i;
const MOST_ROWS = 2000;
const [SMALLEST, LARGEST] = [0.2, 400]; // pixels for a thousandth of the Earth's radius
const GAP = 3;
const STILL = 4; // pixels by which a finger may slip and still point
let outline;

// Albers' equal-area conic projection with the parallels that maps of the whole country are drawn with.
const RAD = Math.PI / 180;
const [NORTH, SOUTH, ORIGIN, MIDDLE] = [47 * RAD, 25 * RAD, 36 * RAD, 105 * RAD];
const N = (Math.sin(NORTH) + Math.sin(SOUTH)) / 2;
const C = Math.cos(SOUTH) ** 2 + 2 * N * Math.sin(SOUTH);
const R0 = Math.sqrt(C - 2 * N * Math.sin(ORIGIN)) / N;

function project([longitude, latitude]) {
  const r = Math.sqrt(Math.max(0, C - 2 * N * Math.sin(latitude * RAD))) / N;
  const angle = N * (longitude * RAD - MIDDLE);
  return [r * Math.sin(angle) * 1000, -(R0 - r * Math.cos(angle)) * 1000];
}

/** The places of an answer: [{ name, address, at: [x, y], rows }]; rows with coordinates of their own, or named places. */
export async function placesOf(answer) {
  const rows = answer.rows.slice(0, MOST_ROWS);
  const latitude = answer.columns.findIndex((name) => LATITUDES.test(name));
  const longitude = answer.columns.findIndex((name) => LONGITUDES.test(name));
  await learn(rows.flat());
  const found = new Map();
  let mapped = 0;
  const add = (name, address, [lat, long]) => {
    if (!(Math.abs(lat) <= 90 && Math.abs(long) <= 180)) return false;
    const key = `${name} ${lat} ${long}`;
    const place = found.get(key) || { name, address, at: project([long, lat]), rows: 0 };
    place.rows += 1;
    found.set(key, place);
    return true;
  };
  for (const row of rows) {
    let here = false;
    if (latitude >= 0 && longitude >= 0) {
      const named = row.find((term, at) => term && at !== latitude && at !== longitude);
      here = add(titleOf(named), addressOf(iriOf(named)), [numberOf(row[latitude]), numberOf(row[longitude])]);
    } else {
      const terms = new Map(row.filter(placeOf).map((term) => [iriOf(term), term]));
      for (const [iri, term] of terms) here = add(labelOf(iri) || titleOf(term), addressOf(iri), placeOf(term)) || here;
    }
    mapped += here;
  }
  return { places: [...found.values()].sort((one, other) => other.rows - one.rows), mapped, all: answer.rows.length };
}

/** A view of places, to be moved and zoomed. */
export function mapOf({ places, mapped, all }) {
  const land = draw('path', { class: 'land', 'fill-rule': 'evenodd', 'vector-effect': 'non-scaling-stroke' });
  const ground = draw('g', {}, land);
  const marks = draw('g', {});
  const title = say('mapOf', { n: places.length });
  const picture = draw('svg', { class: 'map', tabindex: '0', role: 'group', 'aria-label': `${title}. ${say('mapHint')}` }, ground, marks);
  const stage = new Stage(picture, ground, marks, places);
  const button = (label, sign, act) => make('button', { type: 'button', title: label, 'aria-label': label, on: { click: act } }, sign);
  const tools = make(
    'div',
    { class: 'map-tools' },
    button(say('zoomIn'), '+', () => stage.zoom(1.6)),
    button(say('zoomOut'), '−', () => stage.zoom(1 / 1.6)),
    make('button', { type: 'button', on: { click: () => stage.fit(places.map((place) => place.at)) } }, say('fitPoints')),
    make('button', { type: 'button', on: { click: () => stage.fit(stage.corners) } }, say('fitCountry')),
  );
  const list = places.map((place) => make('li', {}, linked(place), place.rows > 1 ? ` × ${place.rows}` : ''));
  const legend = make('figcaption', {}, `${say('mapped', { n: all, k: mapped })} · ${say('mapHint')} `, make('small', {}, say('outline')));
  const element = make(
    'div',
    { class: 'map-view' },
    make('figure', {}, make('div', { class: 'stage' }, picture, tools), legend),
    make('details', {}, make('summary', {}, say('places')), make('ul', {}, ...list)),
  );
  return { element, ready: drawn(land, stage) };
}

function linked(place) {
  return place.address ? make('a', { href: place.address }, place.name) : make('span', {}, place.name);
}

async function drawn(land, stage) {
  outline ||= fetch(OUTLINE).then((response) => response.json());
  const polygons = (await outline).geometries.flatMap((each) => (each.type === 'Polygon' ? [each.coordinates] : each.coordinates));
  const rings = polygons.flat().map((ring) => ring.map(project));
  const points = rings.flat();
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  stage.corners = [
    [Math.min(...xs), Math.min(...ys)],
    [Math.max(...xs), Math.max(...ys)],
  ];
  const path = (ring) => `M${ring.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}Z`;
  land.setAttribute('d', rings.map(path).join(''));
  stage.begin();
}

/** What is seen of the map: the scale, and where the origin of the projection lies in the picture. */
class Stage {
  constructor(picture, ground, marks, places) {
    Object.assign(this, { picture, ground, marks, places, scale: 1, x: 0, y: 0, corners: [], untouched: true, held: new Map() });
    picture.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    picture.addEventListener('keydown', (event) => this.key(event));
    for (const name of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel']) {
      picture.addEventListener(name, (event) => this.pointer(event));
    }
  }

  begin() {
    new ResizeObserver(() => (this.untouched ? this.fit(this.places.map((place) => place.at)) : this.show())).observe(this.picture);
  }

  get size() {
    const { clientWidth, clientHeight } = this.picture;
    return [clientWidth || 800, clientHeight || 500];
  }

  /** Bring points into the picture, with some land around them. */
  fit(points) {
    const [width, height] = this.size;
    const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const room = Math.max(right - left, 80);
    const tall = Math.max(bottom - top, 60);
    this.scale = Math.min((width * 0.8) / room, (height * 0.8) / tall);
    this.x = width / 2 - ((left + right) / 2) * this.scale;
    this.y = height / 2 - ((top + bottom) / 2) * this.scale;
    this.show();
  }

  zoom(factor, [x, y] = this.size.map((each) => each / 2)) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.moved();
  }

  move(x, y) {
    this.x += x;
    this.y += y;
    this.moved();
  }

  moved() {
    this.untouched = false;
    this.show();
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, [event.offsetX, event.offsetY]);
  }

  key(event) {
    const steps = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
    if (steps[event.key]) this.move(...steps[event.key]);
    else if (event.key === '+' || event.key === '=') this.zoom(1.4);
    else if (event.key === '-') this.zoom(1 / 1.4);
    else return;
    event.preventDefault();
  }

  /** One finger or the mouse moves, two fingers zoom. */
  pointer(event) {
    const after = [event.clientX, event.clientY];
    const held = this.held.get(event.pointerId);
    if (event.type === 'pointerdown') this.held.set(event.pointerId, { at: after, from: after });
    else if (event.type !== 'pointermove') this.held.delete(event.pointerId);
    else if (held && this.slipped(event, held, after)) this.drag(held, after);
  }

  /** Whether a pointer has been moved and not only pressed; from then on it is ours, and follows no link. */
  slipped(event, held, after) {
    if (this.picture.hasPointerCapture(event.pointerId)) return true;
    if (apart(held.from, after) < STILL) return false;
    this.picture.setPointerCapture(event.pointerId);
    return true;
  }

  drag(held, after) {
    const other = [...this.held.values()].find((each) => each !== held);
    if (other) this.zoom(apart(after, other.at) / Math.max(1, apart(held.at, other.at)));
    else this.move(after[0] - held.at[0], after[1] - held.at[1]);
    held.at = after;
  }

  show() {
    this.ground.setAttribute('transform', `translate(${this.x} ${this.y}) scale(${this.scale})`);
    const [width, height] = this.size;
    const taken = [];
    const dots = this.places.map((place) => ({ place, x: place.at[0] * this.scale + this.x, y: place.at[1] * this.scale + this.y }));
    const seen = dots.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
    for (const dot of seen) taken.push([dot.x - 7, dot.y - 7, dot.x + 7, dot.y + 7]);
    this.marks.replaceChildren(...seen.map((dot) => this.mark(dot, taken, width, height)));
  }

  mark({ place, x, y }, taken, width, height) {
    const r = 5 + Math.min(5, Math.log2(place.rows));
    const title = place.rows > 1 ? `${place.name} × ${place.rows}` : place.name;
    const parts = [draw('title', {}, title), draw('circle', { cx: x, cy: y, r })];
    const spot = free(place.name, x, y, r, taken, width, height);
    if (spot) {
      taken.push(spot.box);
      parts.push(draw('text', { x: spot.x, y: spot.y, 'text-anchor': spot.anchor }, place.name));
    }
    const shown = draw(place.address ? 'a' : 'g', { class: 'place', 'aria-label': title }, ...parts);
    if (place.address) shown.setAttribute('href', place.address);
    return shown;
  }
}

function apart([x, y], [u, v]) {
  return Math.hypot(x - u, y - v);
}

/** Where a name can stand beside its point without covering another; nothing if nowhere. */
function free(name, x, y, r, taken, width, height) {
  let long = 0;
  for (const letter of name) long += letter.charCodeAt(0) > 0x2e7f ? 13 : 7.5;
  const spots = [
    { x: x + r + GAP, y: y + 4.5, anchor: 'start', box: [x + r + GAP, y - 9, x + r + GAP + long, y + 9] },
    { x: x - r - GAP, y: y + 4.5, anchor: 'end', box: [x - r - GAP - long, y - 9, x - r - GAP, y + 9] },
    { x, y: y - r - 5, anchor: 'middle', box: [x - long / 2, y - r - 20, x + long / 2, y - r - 1] },
    { x, y: y + r + 15, anchor: 'middle', box: [x - long / 2, y + r + 1, x + long / 2, y + r + 20] },
  ];
  const inside = ([left, top, right, bottom]) => left > 0 && top > 0 && right < width && bottom < height;
  const covers = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  const own = (box) => Math.abs((box[0] + box[2]) / 2 - x) < 0.01 && Math.abs((box[1] + box[3]) / 2 - y) < 0.01;
  return spots.find(({ box }) => inside(box) && !taken.some((other) => !own(other) && covers(box, other)));
}
