// One file dropped on its field is as good as one that was chosen in it.

export function startDrop() {
  for (const zone of document.querySelectorAll("[data-drop-file]")) dress(zone);
}

function dress(zone) {
  const input = zone.querySelector("input[type=file]");
  zone.querySelector("[data-drop-words]").hidden = false;
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (event.dataTransfer.files.length) input.files = onlyFirst(event.dataTransfer.files);
  });
}

function onlyFirst(files) {
  const one = new DataTransfer();
  one.items.add(files[0]);
  return one.files;
}
