// Date fields: what is typed is read as `ui/typed_days.py` reads it, and said in words beside the field.
// The names of months and weekdays come with the page.

const names = document.querySelector("template#calendar")?.dataset;
const months = names?.months.split(" ");
const otherMonths = names?.otherMonths.split(" ");
const weekdays = names?.weekdays.split(" ");

const ISO = /^([1-9]\d{3})([-/.])(\d{1,2})\2(\d{1,2})$/;
const FIGURES = /^(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?\2 ?([1-9]\d{3}|\d{2}))?$/;
const SUFFIX = /(?: ?(?:(?:hb|haribulan)\b\.?|(?:st|nd|rd|th)\b))?/.source;
const WORDS = new RegExp(`^(?:[a-z]+,? )?(\\d{1,2})${SUFFIX}[-/. ]{0,2}([a-z]{3,})(?:[-/., ]{0,2}([1-9]\\d{3}|\\d{2}))?$`);
const HALF_A_YEAR = 183;

// The first and the last day that anybody means.
const [FIRST_DAY, LAST_DAY] = [Date.UTC(1900, 0, 2), Date.UTC(2099, 11, 31)];

// Days are reckoned in UTC, where each has 24 hours, whatever the zone of the browser.
export function dayOf(year, month, day) {
  return new Date(Date.UTC(year, month, day));
}

export function today() {
  return readDay(names.today);
}

// The day that a text means; null where it means none. The earliest or latest day of a field gives the year that is left out.
export function readDay(text, { earliest, latest } = {}) {
  const parts = partsOf(text.trim().replace(/\s+/g, " ").toLowerCase());
  if (!parts) return null;
  const [month, day] = parts.slice(1).map(Number);
  const inYear = (year) => {
    const found = dayOf(year, month - 1, day);
    const isOfCalendar = found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
    return isOfCalendar && found >= FIRST_DAY && found <= LAST_DAY ? found : null;
  };
  if (parts[0]) return inYear(parts[0].length === 2 ? 2000 + Number(parts[0]) : Number(parts[0]));
  const inYears = (first, step) => [inYear(first), inYear(first + step)];
  if (latest) return inYears(latest.getUTCFullYear(), -1).find((found) => found && found <= latest) ?? null;
  if (earliest) return inYears(earliest.getUTCFullYear(), 1).find((found) => found && found >= earliest) ?? null;
  return null;
}

// The day that a field means. Where nothing bounds its days, a year that is left out is the one that is nearest to today.
export function dayIn(input) {
  const earliest = readDay(input.dataset.earliest ?? "");
  const latest = readDay(input.dataset.latest ?? "");
  return readDay(input.value, { earliest, latest: latest ?? (earliest ? null : nearestTo(today())) });
}

function nearestTo(day) {
  return dayOf(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + HALF_A_YEAR);
}

function partsOf(text) {
  let found = ISO.exec(text);
  if (found) return [found[1], found[3], found[4]];
  found = FIGURES.exec(text);
  if (found) return [found[4], found[3], found[1]];
  found = WORDS.exec(text);
  const month = found && monthCalled(found[2]);
  return month ? [found[3], String(month), found[1]] : null;
}

function monthCalled(start) {
  const isCalled = (month) => month.toLowerCase().startsWith(start);
  return 1 + Math.max(months.findIndex(isCalled), otherMonths.findIndex(isCalled));
}

export function writeDay(day) {
  return `${day.getUTCDate()}/${day.getUTCMonth() + 1}/${day.getUTCFullYear()}`;
}

export function monthInWords(day) {
  return `${months[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

// Monday is the first day of the week.
export function weekdayOf(day) {
  return (day.getUTCDay() + 6) % 7;
}

export function dayInWords(day) {
  const parts = [day.getUTCDate(), months[day.getUTCMonth()], day.getUTCFullYear()];
  return `${weekdays[weekdayOf(day)]}, ${parts.join("\u00a0")}`;
}

// A text that is no day is wrong once the field is left, until it is one. What the server said of it is not said twice.
function say(input, isLeft) {
  const words = input.closest("[data-day]").querySelector("[data-day-words]");
  const day = dayIn(input);
  const isUnread = !day && input.value.trim() !== "";
  const isTold = Boolean(document.getElementById(`${input.id}_error`));
  const isWrong = isUnread && !isTold && (isLeft || "wrong" in input.dataset);
  if (isWrong) {
    input.dataset.wrong = "";
    input.setAttribute("aria-invalid", "true");
  } else if ("wrong" in input.dataset) {
    delete input.dataset.wrong;
    if (!isTold) input.removeAttribute("aria-invalid");
  }
  if (!words) return;
  const hint = isUnread && isTold ? "" : names.hint;
  const text = day ? dayInWords(day) : isWrong ? `${names.unread} ${hint}` : hint;
  if (words.textContent !== text) words.textContent = text;
  words.classList.toggle("is-wrong", isWrong);
}

// The year that was left out is written into the field, before anything is done with what was typed.
function complete(input) {
  const day = dayIn(input);
  if (day && !readDay(input.value)) input.value = writeDay(day);
}

export function startDates() {
  if (!names) return;
  const listen = (event, isLeft) =>
    document.addEventListener(event, ({ target }) => {
      if (target.matches?.("[data-day-text]")) say(target, isLeft);
    });
  listen("input", false);
  listen("change", true);
  document.addEventListener("change", ({ target }) => target.matches?.("[data-day-text]") && complete(target), true);
  // Texts that come back without being typed: from storage, with the Back button, with Reset; and new errors about them.
  const sayAll = () => {
    for (const input of document.querySelectorAll("[data-day-text]")) say(input, input !== document.activeElement);
  };
  document.addEventListener("jejak:put-back", sayAll, true);
  addEventListener("pageshow", sayAll);
}
