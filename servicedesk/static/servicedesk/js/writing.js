// Writing: ⌘↵ sends the form one is in, and a box grows with its text where the browser cannot do
// that by itself.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.isComposing) return;
  const { form } = event.target;
  if (!(event.target instanceof HTMLTextAreaElement) || !form) return;
  event.preventDefault();
  const main = form.querySelector("[type=submit].button-main, [type=submit]");
  form.requestSubmit(main && !main.disabled ? main : undefined);
});

if (!CSS.supports("field-sizing", "content")) {
  const grow = (box) => {
    box.style.setProperty("block-size", "auto");
    box.style.setProperty("block-size", `${box.scrollHeight + 2}px`);
  };
  document.addEventListener("input", (event) => event.target instanceof HTMLTextAreaElement && grow(event.target));
  document.querySelectorAll("textarea").forEach(grow);
}
