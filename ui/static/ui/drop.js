// One file dropped on its field is as good as one that was chosen in it.

export function startDrop() {
  for (const zone of document.querySelectorAll("[data-drop-file]")) dress(zone);
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

function dress(zone) {
  const input = zone.querySelector("input[type=file]");
  zone.querySelector("[data-drop-words]").hidden = false;
  onDrop(zone, ([first]) => {
    if (!first) return;
    const one = new DataTransfer();
    one.items.add(first);
    input.files = one.files;
  });
}
