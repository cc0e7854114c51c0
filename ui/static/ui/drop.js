// Fields for files in our own style and the page's language; a file dropped on one is as good as one chosen in it.

export function startDrop() {
  for (const input of document.querySelectorAll("input[type=file][data-choose]")) dress(input);
}

// Hands the files to `take` that are dropped on a zone, and shows where they may fall.
export function onDrop(zone, take) {
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    take([...event.dataTransfer.files]);
  });
}

function part(className, words) {
  const span = document.createElement("span");
  Object.assign(span, { className, textContent: words });
  span.setAttribute("aria-hidden", "true");
  return span;
}

// The browser's own field stays, unseen, above our words: keyboard, screen reader and labels reach it as before.
function dress(input) {
  const box = document.createElement("span");
  const name = part("file-input__name", input.dataset.none);
  box.className = "file-input";
  input.before(box);
  box.append(part("btn btn--small", input.dataset.choose), name, input);
  const show = () => {
    name.textContent = [...input.files].map((file) => file.name).join(", ") || input.dataset.none;
  };
  input.addEventListener("change", show);
  input.form?.addEventListener("reset", () => setTimeout(show));
  onDrop(box, (files) => {
    const chosen = new DataTransfer();
    for (const file of input.multiple ? files : files.slice(0, 1)) chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  show();
}
