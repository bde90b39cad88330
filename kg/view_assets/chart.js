// Three or more figures of one indicator as a small chart: a line where each has its own time, else bars.

const SVG_SPACE = 'http://www.w3.org/2000/svg';

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Figures that may stand side by side: of one indicator, in one unit, in one modality.
function series(figures) {
  const found = new Map();
  for (const figure of figures) {
    const { indicator, unit, value } = figure.d;
    if (!indicator || !value || !Number.isFinite(Number(value.t))) continue;
    const key = [indicator.t, unit?.t, figure.m].join('\n');
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(figure);
  }
  return [...found.values()].filter(group => group.length >= 3);
}

const numberOf = figure => Number(figure.d.value.t);
const saidOf = figure => amountText(figure.d.value.t, figure.d.unit?.t ?? '');
const timeOf = figure => (figure.d.time ? valueText(figure.d.time) : '');
const startOf = figure => Date.parse(figure.w[0]);

function chart(group) {
  const times = new Set(group.map(figure => figure.w?.[0]));
  const line = times.size === group.length && !times.has(undefined) && !group.some(figure => OPEN.test(figure.w[0]));
  const began = figure => figure.w?.[0] || '~'; // what has no date comes last, the largest first
  const sorted = [...group].sort(
    (a, b) => began(a).localeCompare(began(b)) || numberOf(b) - numberOf(a),
  );
  const title = sorted[0].d.indicator.t,
    said = sorted.map(figure => [timeOf(figure), saidOf(figure)].filter(Boolean).join(' ')).join('; ');
  const drawing = line ? lineChart(sorted) : barChart(sorted);
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', `${title}: ${said}`);
  return el('figure', { class: 'chart' }, el('figcaption', {}, isolated(title), badge(sorted[0].m)), drawing);
}

function barChart(figures) {
  const most = Math.max(...figures.map(figure => Math.abs(numberOf(figure)))) || 1,
    row = 24,
    left = figures.some(timeOf) ? 96 : 0;
  const drawing = svg('svg', { viewBox: `0 0 340 ${figures.length * row}`, width: '100%' });
  figures.forEach((figure, i) => {
    const y = i * row,
      wide = Math.max(1, (140 * Math.abs(numberOf(figure))) / most);
    drawing.append(
      svg('text', { x: 0, y: y + 16, class: 'when' }, timeOf(figure)),
      svg('rect', { x: left, y: y + 5, width: wide, height: row - 9, rx: 2, class: numberOf(figure) < 0 ? 'below' : '' }),
      svg('text', { x: left + 6 + wide, y: y + 16 }, saidOf(figure)),
    );
  });
  return drawing;
}

function lineChart(figures) {
  const values = figures.map(numberOf),
    low = Math.min(...values),
    high = Math.max(...values);
  const [first, last] = [startOf(figures[0]), startOf(figures.at(-1))];
  const spots = figures.map((figure, i) => ({
    x: 50 + (240 * (startOf(figure) - first)) / (last - first || 1),
    y: 74 - (44 * (values[i] - low)) / (high - low || 1),
    figure,
  }));
  const drawing = svg('svg', { viewBox: '0 0 340 112', width: '100%' });
  drawing.append(svg('polyline', { points: spots.map(({ x, y }) => `${x},${y}`).join(' ') }));
  spots.forEach(({ x, y, figure }, i) => {
    const end = i === 0 || i === spots.length - 1;
    const peak = numberOf(figure) === high || numberOf(figure) === low;
    drawing.append(svg('circle', { cx: x, cy: y, r: 4 }, svg('title', {}, `${timeOf(figure)} ${saidOf(figure)}`)));
    if (end || (peak && spots.length < 8)) {
      const under = !end && numberOf(figure) === low;
      drawing.append(svg('text', { x, y: under ? y + 18 : y - 10, class: 'mid' }, saidOf(figure)));
    }
    if (end) drawing.append(svg('text', { x, y: 104, class: 'mid when' }, timeOf(figure)));
  });
  return drawing;
}
