// What changed elsewhere: asked every few seconds while the page is looked at. Rows are brought up
// to date in their place; one that left the view stays where it is and says why. What is ticked,
// what has the focus and what is open stay as they are. Without this the page shows what was so.

const status = document.querySelector("[data-live]");
const list = document.querySelector("[data-list]");
const EVERY = 4_000;
const SLOWEST = 60_000;

let tag = "";
let wait = EVERY;
let timer = 0;
let asking = false;

const rows = () => (list ? [...list.querySelectorAll("[data-row]")] : []);

function address() {
  const url = new URL(status.dataset.live, location.href);
  const held = rows().map((row) => `${row.dataset.reference}.${row.dataset.mark}`);
  if (held.length) url.searchParams.set("rows", held.join(","));
  return url;
}

// -- Into the list -------------------------------------------------------------------------------

/** A cell is written anew only where it says something else; whoever was in it stays in it. */
function renew(cell, fresh) {
  if (!fresh || cell.innerHTML === fresh.innerHTML) return;
  const within = cell.contains(document.activeElement);
  cell.innerHTML = fresh.innerHTML;
  if (within) cell.querySelector("a, button")?.focus({ preventScroll: true });
}

function sayWhy(row, words) {
  const cell = row.querySelector(".cell-subject");
  const said = cell.querySelector("[data-why]");
  if (!words) {
    said?.remove();
    return;
  }
  const chip = said ?? document.createElement("span");
  chip.className = "chip why";
  chip.dataset.why = "";
  chip.textContent = words;
  if (!said) cell.querySelector(".reference").after(chip);
}

function bring(fresh) {
  const row = rows().find((one) => one.dataset.reference === fresh.dataset.reference);
  if (!row) return;
  if (row.querySelector(".story:popover-open")) {
    tag = ""; // someone reads its promise just now: at the next time
    return;
  }
  row.dataset.mark = fresh.dataset.mark;
  row.toggleAttribute("data-unread", fresh.dataset.unread !== undefined);
  if (fresh.dataset.away) row.dataset.away = "";
  else delete row.dataset.away;
  for (const name of ["turn", "who", "promise", "priority"]) {
    renew(row.querySelector(`.cell-${name}`), fresh.querySelector(`.cell-${name}`));
  }
  sayWhy(row, fresh.dataset.away);
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll("tr[data-row]").forEach(bring);
  const news = page.querySelector("[data-new]");
  if (news && status.innerHTML !== news.innerHTML) status.innerHTML = news.innerHTML;
}

// -- Asking --------------------------------------------------------------------------------------

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(address(), { headers, cache: "no-store", redirect: "manual" });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      show(await answer.text());
    } else if (answer.status !== 304) {
      throw new Error(`answered ${answer.status}`);
    }
    wait = EVERY;
  } catch {
    wait = Math.min(wait * 2, SLOWEST); // the line is gone, or one has been signed out
  }
  asking = false;
  again();
}

function again() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, wait);
}

if (status) {
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  again();
}
