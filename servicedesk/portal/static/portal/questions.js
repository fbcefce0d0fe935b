// Questions that depend on an earlier answer: shown only while they are asked. Without this script
// all are shown, each with the words that say when it is meant.

const form = document.querySelector("form:has([data-when])");

function answersTo(name) {
  const given = new FormData(form).getAll(name);
  return given.map((answer) => String(answer).trim());
}

function show() {
  form.querySelectorAll("[data-when]").forEach((question) => {
    const asker = form.querySelector(`[name="${CSS.escape(question.dataset.when)}"]`);
    const dependsOnHidden = asker?.closest("[data-when]")?.hidden;
    question.hidden = dependsOnHidden || !answersTo(question.dataset.when).includes(question.dataset.answer);
  });
}

if (form) {
  form.querySelectorAll("[data-when-words]").forEach((words) => (words.hidden = true));
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
