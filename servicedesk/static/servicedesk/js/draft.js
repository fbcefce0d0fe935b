// A service's form is kept as it is typed: some seconds after the last letter, on leaving a field
// and on leaving the page. Where one has been signed out meanwhile, the text stays in this tab and
// stands in the form again when it is next opened. Without this script nothing is kept.

const form = document.querySelector("form[data-draft]");
const said = document.querySelector("[data-draft-said]");
const AFTER = 2500;
const place = `draft ${form?.dataset.draft}`;

const NOT_TYPED = ["csrfmiddlewaretoken", "key"];
const typed = () =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.includes(name));
const snapshot = () => JSON.stringify(typed());

let kept = "";
let timer = 0;
let sent = false;
let asking = false;

const say = (words) => said && (said.textContent = words);

function keepInTab() {
  sessionStorage.setItem(place, snapshot());
  say(form.dataset.draftLost);
}

async function keep() {
  clearTimeout(timer);
  const now = snapshot();
  if (sent || asking || now === kept) return;
  asking = true;
  const body = new URLSearchParams(typed());
  body.set("key", form.elements.key.value);
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      keepalive: body.toString().length < 60000,
      redirect: "error",
    });
    if (answer.status === 403) {
      keepInTab();
    } else if (answer.ok) {
      kept = now;
      sessionStorage.removeItem(place);
      say(await answer.text());
    } else {
      say(form.dataset.draftFailed);
    }
  } catch {
    if (!sent) {
      say(form.dataset.draftFailed);
      timer = setTimeout(keep, 4 * AFTER);
    }
  }
  asking = false;
  if (!sent && snapshot() !== now) later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, AFTER);
}

function fill(pairs) {
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.includes(field.name) || field.type === "file") continue;
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

if (form) {
  kept = snapshot();
  const left = sessionStorage.getItem(place);
  if (left && !form.querySelector("[data-focus]")) {
    fill(JSON.parse(left));
    keep();
  }
  form.addEventListener("input", later);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  addEventListener("pageshow", () => (sent = false));
}
