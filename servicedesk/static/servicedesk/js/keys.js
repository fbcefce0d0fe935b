// Keys. Whatever wears data-key="c" is pressed by c (a field is focused instead); data-key-words
// says what it does in the list that ? opens. / and ⌘K lead to the search. Not while one types.
//
// A list that moves by j and k wears data-list; its rows wear data-row. x ticks the row's box, and
// Enter opens its first link. The row one is on has aria-current.

const dialog = document.getElementById("keys");

const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

const bearer = (key) =>
  [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key && visible(element));

function press(key) {
  const element = bearer(key);
  if (!element || element.disabled) return false;
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
  return true;
}

// -- Rows ---------------------------------------------------------------------------------------

const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter(visible);
const current = () => rows().find((row) => row.hasAttribute("aria-current"));

function goTo(row) {
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("a[href]")?.focus({ preventScroll: true });
  row.dispatchEvent(new CustomEvent("desk:row", { bubbles: true }));
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const now = all.indexOf(current());
  goTo(all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by))]);
  return true;
}

function tickRow() {
  const box = current()?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

const rowKeys = { j: () => step(1), k: () => step(-1), x: tickRow };

// -- The list of keys ---------------------------------------------------------------------------

function nameOf(element) {
  const words = element.cloneNode(true);
  words.querySelectorAll("kbd").forEach((key) => key.remove());
  return element.dataset.keyWords || element.getAttribute("aria-label") || words.textContent.replace(/\s+/g, " ").trim();
}

function listKeys() {
  const list = dialog.querySelector("[data-keys]");
  list.querySelectorAll("[data-found]").forEach((element) => element.remove());
  const found = new Map();
  if (rows().length) {
    const words = document.querySelector("[data-list]").dataset;
    if (words.keyMove) found.set("j k", words.keyMove);
    if (words.keyTick) found.set("x", words.keyTick);
    // Keys that act on a row, where nothing that shows just now wears them.
    for (const { dataset } of document.querySelectorAll("[data-row-key]")) found.set(dataset.rowKey, dataset.words);
  }
  for (const element of document.querySelectorAll("[data-key]")) {
    if (visible(element) && !found.has(element.dataset.key)) found.set(element.dataset.key, nameOf(element));
  }
  for (const [keys, words] of found) {
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap);
    }
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    term.dataset.found = meaning.dataset.found = "";
    list.append(term, meaning);
  }
}

function showKeys() {
  if (!dialog || dialog.open) return false;
  listKeys();
  document.querySelector("[popover]:popover-open")?.hidePopover?.();
  dialog.showModal();
  return true;
}

for (const opener of document.querySelectorAll("[data-open-keys]")) {
  opener.hidden = false;
  opener.addEventListener("click", showKeys);
}
dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());

// ⌘ is on Apple's keyboards only.
if (!/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const cap of document.querySelectorAll("kbd")) cap.textContent = cap.textContent.replace("⌘", cap.textContent === "⌘" ? "Ctrl" : "Ctrl ");
}

// -- Listening ----------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const mighty = event.metaKey || event.ctrlKey;
  if (mighty && event.key.toLowerCase() === "k" && !event.altKey && !event.shiftKey) {
    if (press("/")) event.preventDefault();
    return;
  }
  if (mighty || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const done = event.key === "?" ? showKeys() : (rowKeys[event.key]?.() || press(event.key));
  if (done) event.preventDefault();
});
