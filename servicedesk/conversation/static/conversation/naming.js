// Naming colleagues: "@" and the beginning of a name offer people; who is chosen stands in the text
// by name, and by address in the field of those who are brought in. Without this one types the
// address into that field.

const form = document.querySelector("form[data-people]");
const box = form?.querySelector("textarea");
const field = form?.elements.mentions;
const AFTER = 200;
const BEGUN = /(?:^|[\s(])@([\p{L}][\p{L}'’.-]*(?: [\p{L}'’.-]*)?)$/u;

let timer = 0;
let asked = "";
let chosen = -1;

const list = document.createElement("ul");
list.className = "naming menu";
list.id = "naming";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", form?.dataset.peopleWords ?? "");
list.hidden = true;

const options = () => [...list.children];

function close() {
  list.hidden = true;
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
}

function mark(number) {
  chosen = number;
  options().forEach((one, n) => one.setAttribute("aria-selected", String(n === number)));
  box.setAttribute("aria-activedescendant", `naming-${number}`);
}

const begun = () => BEGUN.exec(box.value.slice(0, box.selectionStart))?.[1];

function take(option) {
  const until = box.selectionStart;
  const from = until - begun().length;
  box.setRangeText(`${option.dataset.name} `, from, until, "end");
  const known = field.value.split(/[\s,;]+/).filter(Boolean);
  if (!known.includes(option.dataset.address)) field.value = [...known, option.dataset.address].join(", ");
  const place = field.closest("details");
  if (place) place.open = true;
  close();
  box.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function draw(markup) {
  const found = new DOMParser().parseFromString(`<select>${markup}</select>`, "text/html");
  const people = [...found.querySelectorAll("option")].slice(0, 6);
  list.replaceChildren(
    ...people.map((one, n) => {
      const item = document.createElement("li");
      item.className = "menu-item";
      item.id = `naming-${n}`;
      item.setAttribute("role", "option");
      item.textContent = one.textContent;
      item.dataset.address = one.value;
      [item.dataset.name] = one.textContent.split(",");
      return item;
    }),
  );
  list.hidden = people.length === 0;
  if (people.length) mark(0);
}

async function look() {
  const name = begun();
  asked = name ?? "";
  if (!name || name.length < 2) return close();
  const answer = await fetch(`${form.dataset.people}?${new URLSearchParams({ q: name })}`);
  // Letters may have been typed meanwhile: only the answer to the last question counts.
  if (answer.ok && asked === name) draw(await answer.text());
  return undefined;
}

if (box && field) {
  box.closest(".composer-message").append(list);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, AFTER);
  });
  box.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = options().length;
    if (step) mark((chosen + step + count) % count);
    else if ((event.key === "Enter" && !event.metaKey && !event.ctrlKey) || event.key === "Tab") take(options()[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("li");
    event.preventDefault();
    if (option) take(option);
  });
}
