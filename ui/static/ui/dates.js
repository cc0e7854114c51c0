// Date fields: what is typed is read as `ui/typed_days.py` reads it, and said in words beside the field.
// The names of months and weekdays come with the page.

const names = document.getElementById("calendar")?.dataset;
const months = names?.months.split(" ");
const otherMonths = names?.otherMonths.split(" ");
const weekdays = names?.weekdays.split(" ");

const ISO = /^([1-9]\d{3})([-/.])(\d{1,2})\2(\d{1,2})$/;
const FIGURES = /^(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?([1-9]\d{3}|\d{2})$/;
const WORDS = /^(?:[a-z]+,? )?(\d{1,2})[-/. ]{0,2}([a-z]{3,})[-/., ]{0,2}([1-9]\d{3}|\d{2})$/;

// Days are reckoned in UTC, where each has 24 hours, whatever the zone of the browser.
export function dayOf(year, month, day) {
  return new Date(Date.UTC(year, month, day));
}

export function today() {
  return readDay(names.today);
}

// The day that a text means; null where it means none.
export function readDay(text) {
  const parts = partsOf(text.trim().replace(/\s+/g, " ").toLowerCase());
  if (!parts) return null;
  const [year, month, day] = parts.map(Number);
  const found = dayOf(parts[0].length === 2 ? 2000 + year : year, month - 1, day);
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? found : null;
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

function say(input, isLeft) {
  const words = input.closest("[data-day]").querySelector("[data-day-words]");
  if (!words) return;
  const day = readDay(input.value);
  const isWrong = isLeft && !day && input.value.trim() !== "";
  const text = day ? dayInWords(day) : isWrong ? `${names.unread} ${names.hint}` : names.hint;
  if (words.textContent !== text) words.textContent = text;
  words.classList.toggle("is-wrong", isWrong);
}

export function startDates() {
  if (!names) return;
  const listen = (event, isLeft) =>
    document.addEventListener(event, ({ target }) => {
      if (target.matches?.("[data-day-text]")) say(target, isLeft);
    });
  listen("input", false);
  listen("change", true);
  // Texts that come back without being typed: from storage, with the Back button, with Reset.
  const sayAll = () => document.querySelectorAll("[data-day-text]").forEach((input) => say(input, true));
  document.addEventListener("jejak:put-back", sayAll, true);
  addEventListener("pageshow", sayAll);
}
