// The calendar of a date field: a dialog with a grid of days, as the ARIA Authoring Practices describe it.
import { dayIn, dayInWords, dayOf, monthInWords, readDay, today, weekdayOf, writeDay } from "./dates.js";

const MOVES = {
  ArrowLeft: (day) => moved(day, -1),
  ArrowRight: (day) => moved(day, 1),
  ArrowUp: (day) => moved(day, -7),
  ArrowDown: (day) => moved(day, 7),
  Home: (day) => moved(day, -weekdayOf(day)),
  End: (day) => moved(day, 6 - weekdayOf(day)),
  PageUp: (day, isYear) => turned(day, isYear ? -12 : -1),
  PageDown: (day, isYear) => turned(day, isYear ? 12 : 1),
};

let dialog = null;
let input = null;
let shown = null;

function moved(day, days) {
  return dayOf(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + days);
}

// The same day of another month, or that month's last one.
function turned(day, count) {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + count];
  const last = dayOf(year, month + 1, 0).getUTCDate();
  return dayOf(year, month, Math.min(day.getUTCDate(), last));
}

function within(day) {
  const earliest = readDay(input.dataset.earliest ?? "");
  const latest = readDay(input.dataset.latest ?? "");
  if (earliest && day < earliest) return earliest;
  return latest && day > latest ? latest : day;
}

function cellOf(day) {
  const cell = document.createElement("td");
  if (day.getUTCMonth() !== shown.getUTCMonth()) return cell;
  cell.setAttribute("role", "gridcell");
  cell.textContent = day.getUTCDate();
  cell.dataset.day = writeDay(day);
  cell.setAttribute("aria-label", dayInWords(day));
  cell.setAttribute("aria-selected", String(Number(day) === Number(dayIn(input))));
  if (Number(day) === Number(today())) cell.setAttribute("aria-current", "date");
  if (Number(within(day)) !== Number(day)) cell.setAttribute("aria-disabled", "true");
  cell.tabIndex = Number(day) === Number(shown) ? 0 : -1;
  return cell;
}

function draw() {
  dialog.querySelector(".calendar__title").textContent = monthInWords(shown);
  const first = dayOf(shown.getUTCFullYear(), shown.getUTCMonth(), 1);
  const rows = [];
  for (let monday = moved(first, -weekdayOf(first)); rows.length < 6; monday = moved(monday, 7)) {
    const row = document.createElement("tr");
    row.append(...Array.from({ length: 7 }, (_, index) => cellOf(moved(monday, index))));
    rows.push(row);
  }
  dialog.querySelector("tbody").replaceChildren(...rows.filter((row) => row.textContent));
}

function show(day) {
  shown = within(day);
  draw();
}

function focusDay() {
  dialog.querySelector("td[tabindex='0']").focus();
}

function choose(cell) {
  if (!cell?.dataset.day || cell.getAttribute("aria-disabled") === "true") return;
  input.value = cell.dataset.day;
  for (const event of ["input", "change"]) input.dispatchEvent(new Event(event, { bubbles: true }));
  dialog.close();
}

function onKey(event) {
  const cell = event.target.closest("td");
  if (!cell) return;
  if (event.key in MOVES) {
    show(MOVES[event.key](shown, event.shiftKey));
    focusDay();
  } else if (event.key === "Enter" || event.key === " ") {
    choose(cell);
  } else {
    return;
  }
  event.preventDefault();
}

function onClick(event) {
  const mover = event.target.closest("[data-move]");
  if (mover) show(turned(shown, Number(mover.dataset.move)));
  else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  else choose(event.target.closest("td"));
}

function make() {
  dialog = document.getElementById("calendar").content.firstElementChild.cloneNode(true);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("click", onClick);
  document.body.append(dialog);
}

// Below its field, above it, or else to its right; a phone's style sheet puts it at the lower edge.
function place() {
  const field = input.closest("[data-day]").getBoundingClientRect();
  const [width, height] = [dialog.offsetWidth, dialog.offsetHeight];
  const fitsBelow = field.bottom + height + 12 < innerHeight;
  const fitsAbove = field.top - height > 12;
  const top = fitsBelow ? field.bottom + 4 : fitsAbove ? field.top - height - 4 : innerHeight - height - 8;
  const left = fitsBelow || fitsAbove ? field.left : field.right + 8;
  dialog.style.top = `${Math.max(8, top)}px`;
  dialog.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}

function open(button) {
  if (!dialog) make();
  input = button.parentElement.querySelector("[data-day-text]");
  show(dayIn(input) ?? today());
  dialog.showModal();
  place();
  focusDay();
}

export function startCalendar() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-day-open]");
    if (button) open(button);
  });
}
