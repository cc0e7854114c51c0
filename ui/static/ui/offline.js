// While the browser is offline nothing is sent: the page stays as it is, and says so beside the button.

let notes = [];

// What is seen on a button (one of several texts may be shown), else its label.
export function nameOf(button) {
  let words = button?.innerText ?? "";
  for (const hidden of button?.querySelectorAll(".visually-hidden") ?? []) words = words.replace(hidden.innerText, "");
  return words.trim().replace(/\s+/g, " ") || button?.getAttribute("aria-label") || "";
}

function noteWith(words, back) {
  const note = document.getElementById("offline").content.firstElementChild.cloneNode(true);
  note.querySelector("[data-words]").textContent = words;
  note.dataset.back = back;
  notes.push(note);
  return note;
}

function clearNotes() {
  for (const note of notes) note.remove();
  notes = [];
}

function tell(form, button) {
  const { kept, nothing, back } = document.getElementById("offline").dataset;
  const name = nameOf(button);
  const say = (words) => noteWith(words.replace("{button}", name), back.replace("{button}", name));
  clearNotes();
  if ("autosave" in form.dataset) {
    form.dispatchEvent(new CustomEvent("jejak:held-back", { detail: button }));
  } else if ("keep" in form.dataset) {
    const note = say(kept);
    const row = button?.closest(".buttons");
    if (row && form.contains(row)) row.before(note);
    else form.append(note);
    note.scrollIntoView({ block: "nearest" });
  } else {
    const note = say(nothing);
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
  for (const note of notes) {
    note.querySelector(".icon").remove();
    note.querySelector("[data-words]").textContent = note.dataset.back;
  }
}

export function startOffline() {
  document.addEventListener("submit", holdBack, true);
  document.addEventListener("submit", (event) => event.defaultPrevented || clearNotes());
  addEventListener("online", backOnline);
}
