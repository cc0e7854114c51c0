// Before a session ends: a question, and a way to stay. After it: nothing is shown, and what was typed comes back.
import { fieldsOf, forget, isSame, keep, kept, putBack } from "./store.js";

const KEY = "left";
// So long before the end it is said; of a short limit, a third of it.
const WARN_SECONDS = 300;
const SECOND_MS = 1000;

let dialog;
let timer;
let typedFirst = [];

function postedForms() {
  return [...document.forms].filter((form) => form.method === "post" && !dialog.contains(form));
}

function isWatched(form) {
  return "autosave" in form.dataset || "keep" in form.dataset;
}

// What lies in no draft yet, by the form's place on the page.
function holdTyped() {
  const forms = postedForms().map((form, at) => (isWatched(form) || isSame(fieldsOf(form), typedFirst[at]) ? null : fieldsOf(form)));
  if (forms.some(Boolean)) keep(KEY, { path: location.pathname, forms });
}

function putTypedBack() {
  const left = kept(KEY);
  if (left?.path !== location.pathname) return;
  forget(KEY);
  postedForms().forEach((form, at) => left.forms[at] && putBack(form, left.forms[at]));
}

function warnSeconds() {
  return Math.min(WARN_SECONDS, Number(dialog.dataset.idle) / 3);
}

function untilEnd() {
  return Number(dialog.dataset.until) - Date.now() / SECOND_MS;
}

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(check, Math.max(seconds, 1) * SECOND_MS);
}

function inMinutes(seconds) {
  const count = Math.max(1, Math.round(seconds / 60));
  return count === 1 ? dialog.dataset.one : dialog.dataset.many.replace("{count}", count);
}

function show(kind, seconds = 0) {
  const { [`title${kind}`]: title, [kind.toLowerCase()]: text } = dialog.dataset;
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text.replace("{minutes}", inMinutes(seconds));
  dialog.querySelector("[data-stay]").hidden = kind !== "Soon";
  dialog.querySelector("[data-close]").hidden = kind !== "Last";
  dialog.querySelector("[data-again]").hidden = kind !== "Over";
  dialog.classList.toggle("dialog--over", kind === "Over");
  if (!dialog.open) dialog.showModal();
}

// Another tab may have been used meanwhile: the server knows.
async function check() {
  const answer = await fetch(dialog.dataset.leftUrl, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return wait(warnSeconds() / 4);
  const { seconds } = await answer.json();
  if (seconds <= 0) return show("Over");
  if (seconds > warnSeconds() + 1) {
    if (dialog.open) dialog.close();
    return wait(seconds - warnSeconds());
  }
  const isLast = untilEnd() <= seconds + 1;
  if (!(isLast && dialog.dataset.isTold)) show(isLast ? "Last" : "Soon", seconds);
  wait(Math.min(seconds, 30));
}

async function stay(event) {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    dialog.close();
    wait((await answer.json()).seconds - warnSeconds());
  } else {
    void check();
  }
}

function signInAgain() {
  holdTyped();
  location.assign(`${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export function startSession() {
  dialog = document.getElementById("session-end");
  if (!dialog) return;
  putTypedBack();
  typedFirst = postedForms().map(fieldsOf);
  dialog.querySelector("form").addEventListener("submit", stay);
  dialog.querySelector("[data-close]").addEventListener("click", () => {
    dialog.dataset.isTold = "true";
    dialog.close();
  });
  dialog.querySelector("[data-again]").addEventListener("click", signInAgain);
  // Escape means the same as the button that is offered; what is over stays over.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dialog.querySelector("button:not([hidden])").click();
  });
  wait(Math.min(Number(dialog.dataset.idle), untilEnd()) - warnSeconds());
}
