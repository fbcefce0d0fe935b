// The queue: the bar of deeds shows while rows are ticked, and keys act on what is ticked, else on
// the row one is on. Without this the bar stands at the end of the list.

const bar = document.querySelector("[data-selection]");
const form = bar?.closest("form");
const words = bar?.querySelector("[data-selection-words]");
const pattern = words?.dataset.words;
const ticked = () => form.querySelectorAll("[name=selected]:checked").length;

function count() {
  const n = ticked();
  bar.hidden = n === 0;
  words.textContent = pattern.replace("%(n)s", n);
}

if (bar) {
  form.addEventListener("change", count);
  form.addEventListener("reset", () => setTimeout(count, 0));
  addEventListener("pageshow", count);
  count();
}

// -- Keys on the row one is on, where nothing visible wears the key ------------------------------

const current = () => document.querySelector("[data-list] [data-row][aria-current]");

function tick(row) {
  const tickbox = row.querySelector("[name=selected]");
  if (!tickbox.checked) tickbox.click();
}

function open(act) {
  const row = current();
  if (row) location.assign(`${row.querySelector("a.subject").href}?act=${act}#composer`);
  return Boolean(row);
}

const acts = {
  r: () => open("reply"),
  e: () => open("resolve"),
  c() {
    const row = current();
    if (ticked() === 0 && row) tick(row);
    const go = bar.querySelector("[value=take]");
    if (ticked()) form.requestSubmit(go);
    return ticked() > 0;
  },
  a() {
    const row = current();
    if (ticked() === 0 && row) tick(row);
    if (ticked()) bar.querySelector("select").focus();
    return ticked() > 0;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.target.closest("textarea, select, dialog, input:not([type=checkbox])")) return;
  if (bar && Object.hasOwn(acts, event.key) && acts[event.key]()) event.preventDefault();
});

// -- The row whose preview is shown, and the words of the filter ---------------------------------

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-list] [data-row]");
  if (row && !event.target.closest("a, input, label, button")) {
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  }
  for (const word of document.querySelectorAll(".filter details[open]")) {
    if (!word.contains(event.target)) word.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const word = event.key === "Escape" && document.querySelector(".filter details[open]");
  if (!word) return;
  word.open = false;
  word.querySelector("summary").focus();
});
