// Where days lie against the assessment window, while they are typed: for the update, and for each of its files.
import { dayIn, readDay, today } from "./dates.js";
import { clearError } from "./forms.js";

const samples = document.getElementById("window-labels");

// As `recommendations/windows.py` has it: both ends count. While a day is missing or unreadable there is no label.
function placeOf(first, last, mayBeAhead) {
  if (last > today() && !mayBeAhead) return "future";
  if (!first || !last) return "";
  if (last < first) return "reversed";
  const [start, end] = [readDay(samples.dataset.start), readDay(samples.dataset.end)];
  if (last < start) return "before";
  if (first > end) return "after";
  return first >= start && last <= end ? "inside" : "spanning";
}

function label(slot, from, to, mayBeAhead = false) {
  const place = placeOf(dayIn(from), dayIn(to), mayBeAhead);
  const [inside, spanning, before, after, reversed, future] = samples.content.children;
  const sample = { inside, spanning, before, after, reversed, future }[place];
  // Screen readers are told of a label once, not at every key.
  if (slot.textContent !== (sample?.textContent ?? "")) slot.replaceChildren(...(sample ? [sample.cloneNode(true)] : []));
  return place;
}

function labelAll(form) {
  const { covers_from: from, covers_to: to } = form.elements;
  const own = form.querySelector("p[data-window-place]");
  if (!["", "reversed", "future"].includes(label(own, from, to))) clearError(to);
  for (const slot of form.querySelectorAll("[data-window-place]")) {
    const row = slot.closest("[data-file]");
    const follows = row?.querySelector("[data-follows]");
    if (follows?.checked) label(slot, from, to);
    else if (follows) label(slot, ...row.querySelectorAll("[data-fact^=evidence]"), true);
  }
}

export function startWindow() {
  const form = samples?.closest("form");
  if (!form) return;
  for (const event of ["input", "change", "jejak:files", "jejak:put-back"]) {
    form.addEventListener(event, () => labelAll(form));
  }
  addEventListener("pageshow", () => labelAll(form));
}
