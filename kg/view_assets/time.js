// The time slider: facts dated outside the chosen time go; those without a date step back, or go too.

const DATED = [...EDGES, ...VALUES, ...FIGURES].filter(fact => fact.w);
const OPEN = /^(0001|9999)-/; // the ends of what began, or will end, nobody knows when

// Every month from the first dated one to the last, or every year if these are too many to point at.
function timeSteps() {
  const ends = DATED.flatMap(fact => fact.w).filter(day => !OPEN.test(day));
  if (!ends.length) return [];
  const [first, last] = [ends.reduce((a, b) => (a < b ? a : b)), ends.reduce((a, b) => (a > b ? a : b))];
  const count = text => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1,
    months = count(last) - count(first) + 1;
  const text = (number, size) => String(number).padStart(size, '0');
  if (months > 240) {
    const year = Number(first.slice(0, 4));
    return Array.from({ length: Number(last.slice(0, 4)) - year + 1 }, (_, i) => text(year + i, 4));
  }
  return Array.from({ length: months }, (_, i) => {
    const month = count(first) + i;
    return text(Math.floor(month / 12), 4) + '-' + text((month % 12) + 1, 2);
  });
}

const STEPS = timeSteps();
const time = { from: 0, to: STEPS.length - 1, undated: true, playing: 0 };
const narrowed = () => time.from > 0 || time.to < STEPS.length - 1 || !time.undated;

// Days compare as text; a step's text comes before all its days, and with '~' after them.
function inTime(fact) {
  if (!narrowed()) return true;
  if (!fact.w) return time.undated;
  return fact.w[0] <= STEPS[time.to] + '~' && fact.w[1] >= STEPS[time.from];
}
const undatedNow = fact => !fact.w && (time.from > 0 || time.to < STEPS.length - 1);

function setTime(from, to, undated = time.undated) {
  time.from = Math.max(0, Math.min(from, to));
  time.to = Math.min(STEPS.length - 1, Math.max(from, to));
  time.undated = undated;
  showTime();
}

function showTime() {
  if (!STEPS.length) return;
  const [from, to] = [dateText(STEPS[time.from]), dateText(STEPS[time.to])];
  for (const [id, at, text] of [
    ['time-from', time.from, from],
    ['time-to', time.to, to],
  ]) {
    $(id).value = at;
    $(id).setAttribute('aria-valuetext', text);
  }
  $('undated').checked = time.undated;
  $('time-said').textContent = from === to ? from : word('fromTo', { from, to });
  const share = at => (100 * at) / Math.max(1, STEPS.length - 1) + '%';
  $('time').style.setProperty('--from', share(time.from));
  $('time').style.setProperty('--to', share(time.to));
  $('play').textContent = time.playing ? '❚❚' : '▶';
  $('play').setAttribute('aria-label', word(time.playing ? 'pause' : 'play'));
}

function stopPlaying() {
  clearInterval(time.playing);
  time.playing = 0;
  showTime();
}

// From the chosen beginning, time runs until its end.
function play() {
  if (time.playing) return stopPlaying();
  if (time.to >= STEPS.length - 1) setTime(time.from, time.from);
  const stride = Math.max(1, Math.round(STEPS.length / 60));
  time.playing = setInterval(() => {
    setTime(time.from, time.to + stride);
    if (time.to >= STEPS.length - 1) stopPlaying();
    changed();
  }, 250);
  showTime();
  return changed();
}

function changed() {
  refresh();
  if (picked.node !== null) nodePanel(NODES[picked.node]);
}

function startTime() {
  $('time').hidden = STEPS.length < 2;
  for (const id of ['time-from', 'time-to']) {
    $(id).max = STEPS.length - 1;
    $(id).addEventListener('input', () => {
      const at = Number($(id).value);
      stopPlaying();
      if (id === 'time-from') setTime(Math.min(at, time.to), time.to);
      else setTime(time.from, Math.max(at, time.from));
      changed();
    });
  }
  $('undated').addEventListener('change', () => {
    setTime(time.from, time.to, $('undated').checked);
    changed();
  });
  $('play').addEventListener('click', play);
}

// What the address says of it, and back.
function timeState(parts) {
  if (time.from > 0) parts.set('from', STEPS[time.from]);
  if (time.to < STEPS.length - 1) parts.set('to', STEPS[time.to]);
  if (!time.undated) parts.set('undated', 'off');
}

function restoreTime(parts) {
  if (time.playing) return;
  const at = (key, otherwise) => (STEPS.includes(parts.get(key)) ? STEPS.indexOf(parts.get(key)) : otherwise);
  setTime(at('from', 0), at('to', STEPS.length - 1), parts.get('undated') !== 'off');
}
