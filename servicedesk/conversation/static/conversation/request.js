// The composer: a tab chosen by a key, a click or a button beside the title leads into the box.
// Without this the tabs work by the style sheet, and the buttons by their address.

const composer = document.getElementById("composer");
const box = composer?.querySelector("textarea");

function choose(name) {
  const tab = composer.querySelector(`[name=act][value="${CSS.escape(name)}"]`);
  if (!tab) return false;
  tab.checked = true;
  composer.scrollIntoView({ block: "nearest" });
  box.focus({ preventScroll: true });
  return true;
}

composer?.addEventListener("click", (event) => {
  const label = event.target.closest(".tabs label");
  if (!label) return;
  // A pointer or a key of the desk means to write; the arrows of the keyboard only look around.
  if (event.target === label || event.detail > 0) setTimeout(() => box.focus(), 0);
});

for (const link of document.querySelectorAll("a[data-tab]")) {
  link.addEventListener("click", (event) => {
    if (composer && choose(link.dataset.tab)) event.preventDefault();
  });
}

// Whoever came to write can begin at once, unless something is first to be put right.
// (After the page has loaded: going to a place in it takes the focus away again.)
if (box && location.hash === "#composer" && !document.querySelector("[data-focus]")) {
  const begin = () => setTimeout(() => box.focus({ preventScroll: true }), 0);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}

// A menu of rarer deeds closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.more[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
