// The questions of a form: dragged by their handle, or moved with Alt and the arrows. Without this
// script each has buttons that do the same. htmx sends the form and swaps it.

const builder = () => document.getElementById("builder");
const rows = () => [...builder().querySelectorAll("[data-question]")];
const keys = () => rows().map((row) => row.dataset.question).join(",");

let held = "";

function prepare() {
  builder()
    .querySelectorAll("[data-handle], [data-with-script]")
    .forEach((part) => (part.hidden = false));
  // The row that was moved is another element now: whoever moved it by its handle stays on it.
  if (held) document.getElementById(held)?.focus();
  held = "";
}

// -- By keyboard ---------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest?.("[data-question]");
  if (!row) return;
  event.preventDefault();
  held = event.target.id;
  const way = event.key === "ArrowUp" ? "up" : "down";
  row.querySelector(`button[value^="${way}:"]`).click();
});

// -- By hand -------------------------------------------------------------------------------------

let dragged = null;
let before = "";

document.addEventListener("pointerdown", (event) => {
  const handle = event.button === 0 && event.target.closest?.("[data-handle]");
  if (!handle) return;
  dragged = handle.closest("[data-question]");
  before = keys();
  dragged.dataset.dragged = "";
  handle.focus();
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const under = rows().find((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return row !== dragged && event.clientY >= top && event.clientY < bottom;
  });
  if (!under) return;
  const { top, height } = under.getBoundingClientRect();
  if (event.clientY < top + height / 2) under.before(dragged);
  else under.after(dragged);
});

function drop() {
  if (!dragged) return;
  const { id } = dragged.querySelector("[data-handle]");
  delete dragged.dataset.dragged;
  dragged = null;
  if (keys() === before) return;
  held = id;
  builder().elements.order.value = keys();
  builder().querySelector("[data-keep-order]").click();
}

document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

document.addEventListener("htmx:afterSettle", prepare);
prepare();
