// Where days lie against the assessment window, while they are typed: for the update, and for each of its files.
import { readDay } from "./dates.js";

const samples = document.getElementById("window-labels");

// As `recommendations/windows.py` has it: both ends count, and one day may be missing.
function placeOf(from, to) {
  const [first, last] = [from ?? to, to ?? from];
  if (!first) return "";
  const [start, end] = [readDay(samples.dataset.start), readDay(samples.dataset.end)];
  if (last < start) return "before";
  if (first > end) return "after";
  return first >= start && last <= end ? "inside" : "spanning";
}

function label(slot, from, to) {
  const place = placeOf(readDay(from.value), readDay(to.value));
  const [inside, spanning, before, after] = samples.content.children;
  const sample = { inside, spanning, before, after }[place];
  slot.replaceChildren(...(sample ? [sample.cloneNode(true)] : []));
}

function labelAll(form) {
  const { covers_from: from, covers_to: to } = form.elements;
  for (const slot of form.querySelectorAll("[data-window-place]")) {
    const row = slot.closest("[data-file]");
    const follows = row?.querySelector("[data-follows]");
    if (!row || follows?.checked) label(slot, from, to);
    else if (follows) label(slot, ...row.querySelectorAll("[data-fact^=evidence]"));
  }
}

export function startWindow() {
  const form = samples?.closest("form");
  if (!form) return;
  for (const event of ["input", "change", "jejak:files", "jejak:put-back"]) {
    form.addEventListener(event, () => labelAll(form));
  }
}
