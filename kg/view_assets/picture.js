// What is shown as a picture: PNG from the canvas; SVG by letting edges and names draw themselves on a page of markup.

function download(blob, name) {
  const link = el('a', { download: name, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 4000);
}

function savePng() {
  const from = canvasBox.querySelector('canvas'),
    to = el('canvas', { width: from.width, height: from.height }),
    ctx = to.getContext('2d');
  ctx.fillStyle = colours['--ground'];
  ctx.fillRect(0, 0, to.width, to.height);
  ctx.drawImage(from, 0, 0);
  to.toBlob(blob => download(blob, 'network.png'));
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = text => String(text).replace(/[&<>"]/g, c => ESCAPES[c]);
const short = number => Number(number.toFixed(2));

// As much of a canvas as edges and names use; what is drawn becomes elements of `parts`.
class Paper {
  constructor(measure) {
    Object.assign(this, { measure, parts: [], saved: [], path: '', dash: [], globalAlpha: 1 });
  }
  setLineDash(dash) {
    this.dash = dash;
  }
  save() {
    this.saved.push([this.globalAlpha, this.dash]);
  }
  restore() {
    [this.globalAlpha, this.dash] = this.saved.pop();
  }
  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }
  beginPath() {
    this.path = '';
  }
  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }
  lineTo(x, y) {
    this.path += `L${short(x)} ${short(y)}`;
  }
  quadraticCurveTo(cx, cy, x, y) {
    this.path += `Q${short(cx)} ${short(cy)} ${short(x)} ${short(y)}`;
  }
  arc(x, y, r) {
    const [left, right] = [short(x - r), short(x + r)],
      half = `A${short(r)} ${short(r)} 0 1 1`;
    this.path += `M${left} ${short(y)}${half} ${right} ${short(y)}${half} ${left} ${short(y)}`;
  }
  closePath() {
    this.path += 'Z';
  }
  stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(' ')}"` : '';
    this.add(
      `<path d="${this.path}" fill="none" stroke="${this.strokeStyle}" stroke-width="${short(this.lineWidth)}"${dash}`,
    );
  }
  fill() {
    this.add(`<path d="${this.path}" fill="${this.fillStyle}"`);
  }
  strokeText() {}
  fillText(text, x, y) {
    const [, weight, size] = /^(\d+) ([\d.]+)px/.exec(this.font);
    this.add(
      `<text x="${short(x)}" y="${short(y)}" font-size="${size}" font-weight="${weight}" fill="${this.fillStyle}" ` +
        `stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"`,
      escaped(text),
    );
  }
  add(start, text) {
    const end = text === undefined ? '/>' : `>${text}</text>`;
    if (text !== undefined || this.path) this.parts.push(`${start} opacity="${this.globalAlpha}"${end}`);
  }
}

function svgNode(node, faded) {
  const { x, y } = onScreen(node),
    size = (radiusOf(node) * view.scale) / 6;
  return (
    `<g transform="translate(${short(x)} ${short(y)}) scale(${short(size)}) translate(-8 -8)" ` +
    `fill="${groundColour(node.color)}" opacity="${faded ? 0.22 : 1}">` +
    `<title>${escaped(nameOf(node))}</title>${OUTLINES[node.shape] || OUTLINES.dot}</g>`
  );
}

function svgText() {
  const measure = el('canvas').getContext('2d'),
    lines = new Paper(measure),
    names = new Paper(measure),
    bright = lit();
  readView();
  layEdges();
  drawEdges(lines);
  drawLabels(names, bright);
  const { right: width, bottom: height } = frame;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(PAGE.title)}</title><rect width="100%" height="100%" fill="${colours['--ground']}"/>`,
    `<g transform="translate(${short(view.x)} ${short(view.y)}) scale(${view.scale})">${lines.parts.join('\n')}</g>`,
    ...shown.ranked.map(node => svgNode(node, bright && !bright.has(node.id))),
    `<g font-family="${escaped(FONT)}" text-anchor="middle" dominant-baseline="central" paint-order="stroke" ` +
      `stroke-linejoin="round">${names.parts.join('\n')}</g>`,
    '</svg>\n',
  ].join('\n');
}

const saveSvg = () => download(new Blob([svgText()], { type: 'image/svg+xml' }), 'network.svg');
