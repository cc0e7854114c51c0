// While the browser is offline nothing is sent: the page stays as it is, and says so beside the button.

let notes = [];

function noteWith(words) {
  const note = document.getElementById("offline").content.firstElementChild.cloneNode(true);
  note.querySelector("[data-words]").textContent = words;
  notes.push(note);
  return note;
}

function clearNotes() {
  for (const note of notes) note.remove();
  notes = [];
}

function tell(form, button) {
  const { kept, nothing } = document.getElementById("offline").dataset;
  clearNotes();
  if ("autosave" in form.dataset) {
    form.dispatchEvent(new CustomEvent("jejak:held-back", { detail: button }));
  } else if ("keep" in form.dataset) {
    const note = noteWith(kept);
    const row = button?.closest(".buttons");
    if (row && form.contains(row)) row.before(note);
    else form.append(note);
    note.scrollIntoView({ block: "nearest" });
  } else {
    const note = noteWith(nothing);
    note.className = "toast";
    document.querySelector(".toasts")?.append(note);
  }
}

function holdBack(event) {
  if (navigator.onLine || event.target.method !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(event.target, event.submitter);
}

function backOnline() {
  const { back } = document.getElementById("offline").dataset;
  for (const note of notes) note.querySelector("[data-words]").textContent = back;
}

export function startOffline() {
  document.addEventListener("submit", holdBack, true);
  document.addEventListener("submit", (event) => event.defaultPrevented || clearNotes());
  addEventListener("online", backOnline);
}
