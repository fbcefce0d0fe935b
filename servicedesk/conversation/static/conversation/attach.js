// Files go up as they are chosen, with their progress; the form then carries only their numbers.
// Without this they go with the form, which works as well and says what it did not take.

const field = document.querySelector("[data-upload]");
const list = document.querySelector("[data-staged]");

function send(file, line) {
  const request = new XMLHttpRequest();
  const data = new FormData();
  data.append("files", file);
  request.open("POST", field.dataset.upload);
  request.setRequestHeader("X-CSRFToken", field.form.elements.csrfmiddlewaretoken.value);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) line.querySelector("progress").value = event.loaded / event.total;
  });
  return new Promise((done) => {
    request.addEventListener("loadend", () => {
      const taken = request.status === 200 || request.status === 422;
      if (taken) line.outerHTML = request.responseText;
      else line.remove();
      done(taken);
    });
    request.send(data);
  });
}

function waiting(file) {
  const line = document.createElement("li");
  const box = document.createElement("span");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  box.className = "file";
  name.className = "clip";
  name.textContent = file.name;
  bar.setAttribute("aria-label", file.name);
  box.append(name, bar);
  line.append(box);
  return line;
}

if (field && list) {
  const button = field.form.querySelector("[type=submit]");
  field.closest(".attach").dataset.byScript = "";
  field.addEventListener("change", async () => {
    const chosen = [...field.files];
    for (const old of list.querySelectorAll(".error")) old.remove();
    const lines = chosen.map(waiting);
    list.append(...lines);
    button.disabled = true;
    const taken = await Promise.all(chosen.map((file, n) => send(file, lines[n])));
    button.disabled = false;
    // What could not be sent now stays in the field and goes with the form.
    if (taken.every(Boolean)) {
      field.value = "";
    } else {
      const rest = new DataTransfer();
      chosen.filter((_file, n) => !taken[n]).forEach((file) => rest.items.add(file));
      field.files = rest.files;
      delete field.closest(".attach").dataset.byScript;
    }
  });
}
