// Promises count down by themselves: the page carries the open hours of each calendar, so nobody
// asks the server. A chip turns from on track to at risk to late when its time has come. Nothing is
// announced: a page that speaks each minute is not calm.

const EVERY = 20_000;
const DAY = 8 * 3600;
const seen = new WeakMap();

const read = (id, otherwise) => {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : otherwise;
};

const words = read("promise-words", null);
let calendars = read("calendars", {});

/** Seconds of open time in [from, to), both in milliseconds; without a calendar, all of it. */
function openSeconds(intervals, from, to) {
  if (!intervals) return (to - from) / 1000;
  let sum = 0;
  for (const [opens, closes] of intervals) {
    sum += Math.max(0, Math.min(closes, to) - Math.max(opens, from));
  }
  return sum / 1000;
}

/** The same words as servicedesk/wording.py says: 8 hours make a day. */
function inWords(seconds) {
  let rest = Math.floor(Math.abs(seconds) / 60);
  if (rest < 1) return words.moment;
  const days = Math.floor(rest / (DAY / 60));
  rest -= days * (DAY / 60);
  const hours = Math.floor(rest / 60);
  const minutes = rest % 60;
  const say = (pattern, count) => pattern.replace("%(count)d", count);
  const parts = [];
  if (days) parts.push(say(days === 1 ? words.day : words.days, days));
  if (hours && days < 5) parts.push(say(words.hours, hours));
  if (minutes && !days) parts.push(say(words.minutes, minutes));
  return parts.join(" ");
}

function sentence(left) {
  if (left < 0 && left > -60) return words.just;
  return (left < 0 ? words.late : words.left).replace("%(time)s", inWords(left));
}

function stateOf(left, budget, warn) {
  if (left < 0) return "late";
  return budget && (1 - left / budget) * 100 >= warn ? "at-risk" : "on-track";
}

const SIGNS = {
  "at-risk": ["circle", { cx: 9, cy: 9, r: 1 }],
  late: ["path", { d: "M9 5.5v4m0 2.5v.01" }],
};

function drawSign(ring, state) {
  ring.dataset.state = state;
  ring.querySelector(".ring-sign")?.remove();
  const sign = SIGNS[state];
  if (!sign) return;
  const element = document.createElementNS("http://www.w3.org/2000/svg", sign[0]);
  element.setAttribute("class", "ring-sign");
  for (const [name, value] of Object.entries(sign[1])) element.setAttribute(name, value);
  ring.append(element);
}

function meet(chip, now) {
  const left = Number(chip.dataset.left);
  const text = chip.querySelector("[data-promise-words]");
  // Words that say something else ("due today, 16:00") stay as they are until it is late.
  seen.set(chip, { at: now, left, counts: text.textContent.trim() === sentence(left) });
}

function tick(chip, now) {
  if (!seen.has(chip)) meet(chip, now);
  const { at, left: first, counts } = seen.get(chip);
  const left = first - openSeconds(calendars[chip.dataset.calendar], at, now);
  const budget = Number(chip.dataset.budget);
  const state = stateOf(left, budget, Number(chip.dataset.warn));
  const turned = state !== chip.dataset.state && (state === "late" || chip.dataset.state === "on-track");
  if (turned) chip.dataset.state = state;
  const ring = chip.querySelector(".ring");
  if (turned && ring) drawSign(ring, state);
  if (ring && budget) {
    const used = Math.min(100, Math.max(0, Math.round((1 - left / budget) * 100)));
    ring.querySelector(".ring-used")?.setAttribute("stroke-dasharray", `${used} 100`);
  }
  chip.querySelector("[data-promise-risk]").hidden = chip.dataset.state !== "at-risk";
  if (counts || turned && state === "late") {
    chip.querySelector("[data-promise-words]").textContent = sentence(left);
  }
}

function tickAll() {
  const now = Date.now();
  for (const chip of document.querySelectorAll("[data-promise]")) tick(chip, now);
}

if (words) {
  tickAll();
  setInterval(tickAll, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || tickAll());
  document.addEventListener("htmx:afterSettle", () => {
    calendars = { ...calendars, ...read("calendars", {}) };
    tickAll();
  });
}
