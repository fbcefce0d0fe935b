// The choice of light or dark takes hold at once; the form keeps it in the cookie as it does
// without script.

for (const form of document.querySelectorAll("[data-theme-switch]")) {
  form.addEventListener("submit", async (event) => {
    const chosen = event.submitter;
    if (!chosen) return;
    event.preventDefault();
    const body = new FormData(form, chosen);
    const root = document.documentElement;
    if (chosen.value) root.dataset.theme = chosen.value;
    else delete root.dataset.theme;
    for (const button of form.querySelectorAll("[name=theme]")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
}
