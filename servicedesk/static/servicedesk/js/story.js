// The story of a promise. The style sheet shows it on hover and focus already; here it is lifted
// above everything (no table cuts it off), opens by touch, and closes by Escape.

const ROOM = 8;
let open = null;

function place(story, chip) {
  const from = chip.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = story;
  const left = Math.min(Math.max(ROOM, from.left), document.documentElement.clientWidth - width - ROOM);
  const below = from.bottom; // no gap, so that the pointer can move into it
  const top = below + height > innerHeight - ROOM ? Math.max(ROOM, from.top - height) : below;
  story.style.setProperty("--story-left", `${Math.max(ROOM, left)}px`);
  story.style.setProperty("--story-top", `${top}px`);
}

function show(promise) {
  const story = promise.querySelector(":scope > .story");
  if (!story || open === story) return;
  hide();
  story.popover = "manual";
  story.showPopover();
  place(story, promise.querySelector(".promise-chip"));
  open = story;
}

function hide() {
  if (open?.isConnected && open.matches(":popover-open")) open.hidePopover();
  open = null;
}

const promiseOf = (target) => (target instanceof Element ? target.closest(".promise") : null);

if (HTMLElement.prototype.hasOwnProperty("popover")) {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const promise = promiseOf(event.target);
    if (promise) show(promise);
    else if (open && !open.parentElement.contains(document.activeElement)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const promise = promiseOf(event.target);
    if (promise && event.target.matches(":focus-visible")) show(promise);
    else hide();
  });
  document.addEventListener("click", (event) => {
    const promise = promiseOf(event.target);
    if (promise && event.target.closest(".promise-chip")) show(promise);
    else if (!promise) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    hide();
  }, true);
  addEventListener("scroll", hide, { capture: true, passive: true });
  addEventListener("resize", hide, { passive: true });
}
