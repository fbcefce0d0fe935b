// Toasts go by themselves after a while, unless one looks at them; any can be put away.

const WHILE = 10_000;

function begin(toast) {
  toast.dataset.begun = "";
  const close = toast.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if (toast.dataset.fades === undefined) return;
  let timer = setTimeout(() => toast.remove(), WHILE);
  const stay = () => clearTimeout(timer);
  const go = () => {
    stay();
    timer = setTimeout(() => toast.remove(), WHILE);
  };
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
}

const beginAll = () => document.querySelectorAll(".toast:not([data-begun])").forEach(begin);

beginAll();
document.addEventListener("htmx:afterSettle", beginAll);
