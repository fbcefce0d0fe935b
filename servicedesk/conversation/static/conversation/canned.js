// A canned reply goes into the box where the cursor is. Chosen by a pointer it goes in at once; by
// keys, which pass over the others on their way, when one presses Enter or the button beside it.
// Without this a link loads the page with the reply in the box.

const place = document.querySelector("[data-canned]");
const box = place?.closest("form").querySelector("textarea");
const choice = place?.querySelector("[data-canned-choose]");
const button = place?.querySelector("[data-canned-insert]");
let byKeys = false;

function insert() {
  const text = choice.selectedOptions[0]?.dataset.text;
  if (!text) return;
  const before = box.value.slice(0, box.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n\n" : "";
  box.focus();
  box.setRangeText(gap + text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  choice.value = "";
  button.hidden = true;
}

if (place) {
  place.hidden = false;
  choice.addEventListener("pointerdown", () => (byKeys = false));
  choice.addEventListener("keydown", (event) => {
    byKeys = true;
    if (event.key !== "Enter" || !choice.value) return;
    event.preventDefault();
    insert();
  });
  choice.addEventListener("change", () => {
    button.hidden = !choice.value || !byKeys;
    if (!byKeys) insert();
  });
  button.addEventListener("click", insert);
}
