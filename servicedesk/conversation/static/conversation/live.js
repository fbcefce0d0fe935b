// What others do on this request shows by itself: who is here, who is writing, and how many new
// messages there are. They come when one asks for them; what is being typed is never touched.
// Without this the page is loaded anew to see what is new.

const EVERY = 4000;
const WRITES_FOR = 10_000;
const place = document.querySelector("[data-news]");
const composer = document.getElementById("composer");

let tag = "";
let wrote = 0;
let timer = 0;

async function ask() {
  clearTimeout(timer);
  const given = new URLSearchParams({ since: place.dataset.since });
  if (Date.now() - wrote < WRITES_FOR) given.set("writing", "1");
  try {
    const answer = await fetch(`${place.dataset.news}?${given}`, {
      headers: tag ? { "If-None-Match": tag } : {},
      cache: "no-store",
      redirect: "error",
    });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      place.innerHTML = await answer.text();
    } else if (answer.status !== 304) {
      if (answer.status < 500) return; // no longer one's to see
    }
  } catch {
    // Offline, or signed out: asked again in a while.
  }
  if (!document.hidden) timer = setTimeout(ask, EVERY);
}

/** The newest state of the page around what is being typed. */
async function show() {
  const answer = await fetch(location.pathname, { redirect: "error" });
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newest = page.querySelector("[data-news]");
  if (!newest) return location.reload();
  const before = new Set([...document.querySelectorAll("[data-live=talk] [id]")].map((one) => one.id));
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
  const seen = page.querySelector("#composer [name=seen]");
  if (composer && seen) composer.elements.seen.value = seen.value;
  place.dataset.since = newest.dataset.since;
  place.replaceChildren();
  tag = "";
  const first = [...document.querySelectorAll("[data-live=talk] article[id]")].find((one) => !before.has(one.id));
  first?.scrollIntoView({ block: "nearest" });
  return ask();
}

if (place) {
  composer?.addEventListener("input", () => (wrote = Date.now()));
  place.addEventListener("click", (event) => {
    if (!event.target.closest("[data-show]")) return;
    event.preventDefault();
    show().catch(() => location.reload());
  });
  document.addEventListener("visibilitychange", () => !document.hidden && ask());
  ask();
}
