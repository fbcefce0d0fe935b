// Parts of a form that only count at some choice: shown only then. Without this script all stand
// there, and their help says when they count.

const parts = document.querySelectorAll("[data-only]");

function chosen(form, name) {
  return new FormData(form).getAll(name).map(String);
}

function show() {
  parts.forEach((part) => {
    const wanted = part.dataset.is.split(" ");
    part.hidden = !chosen(part.closest("form"), part.dataset.only).some((value) => wanted.includes(value));
  });
}

if (parts.length) {
  document.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}

// What only those without script need.
document.querySelectorAll("[data-without-script]").forEach((part) => (part.hidden = true));

// The chosen picture also stands where the pictures are folded away.
document.querySelectorAll(".picture").forEach((pictures) =>
  pictures.addEventListener("change", (event) => {
    const drawn = event.target.closest("label")?.querySelector("svg");
    const place = pictures.querySelector(".picture-chosen");
    if (!drawn || !place) return;
    place.replaceChildren(drawn.cloneNode(true));
    place.title = event.target.closest("label").title;
  }),
);
