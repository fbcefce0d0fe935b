// Forms: sent once however often one presses; after a mistake, the summary has the focus; a link in
// it goes to the field itself. htmx sends the token of the page's own forms.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.themeSwitch !== undefined) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  form.setAttribute("aria-busy", "true");
  // A page that never comes (a download, a lost line) must not keep the form shut.
  setTimeout(() => release(form), 8000);
});

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

const releaseAll = () => document.querySelectorAll("form[data-sent]").forEach(release);

addEventListener("pageshow", (event) => event.persisted && releaseAll());
document.addEventListener("htmx:afterRequest", releaseAll);

const focusSummary = (root) => root.querySelector?.("[data-focus]")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("[data-focus] a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  const control = field?.matches("fieldset") ? field.querySelector("input") : field;
  if (!control) return;
  event.preventDefault();
  control.focus({ preventScroll: true });
  (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// A refused form (422) and a deed someone else was quicker with (409) are answers, to be shown.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (![409, 422].includes(event.detail.xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
