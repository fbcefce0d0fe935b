// The side bar as a sheet: focus goes into it, stays in it, and comes back to the button. It is a
// native popover, so it opens and closes without this.

const sheet = document.getElementById("side");
const wide = matchMedia("(width >= 56.25rem)");
const within = () => [...sheet.querySelectorAll("a[href], button")].filter((element) => element.checkVisibility());

if (sheet && "popover" in sheet) {
  sheet.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    (sheet.querySelector("[aria-current]") ?? within()[0])?.focus();
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || !sheet.matches(":popover-open")) return;
    const all = within();
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0]).focus();
  });
  wide.addEventListener("change", () => sheet.matches(":popover-open") && sheet.hidePopover());
}
