// A form whose answer stands on the same page: as one changes it, the page is asked anew and its live parts replaced.
// What one fills in, and where one is, stays. The address follows, so that it can be sent on.
import { readDay, writeDay } from "./dates.js";

const PAUSE_MS = 250;

let form = null;
let timer = 0;
let running = null;
let fresh = Promise.resolve(true);
let settle = null;

function address() {
  const filled = [...new FormData(form)].filter(([, value]) => value);
  const query = new URLSearchParams(filled).toString();
  return query ? `${location.pathname}?${query}` : location.pathname;
}

// The live parts of the page from those of the answer: what they hold, and whether they are there at all.
function replaceParts(answer) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = answer.getElementById(part.id);
    if (!other) continue;
    part.hidden = other.hidden;
    if (part.dataset.live !== "state" && part.innerHTML !== other.innerHTML) part.replaceChildren(...other.childNodes);
  }
  for (const control of form.querySelectorAll("[name][id]")) {
    const other = answer.getElementById(control.id);
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (other?.hasAttribute(name)) control.setAttribute(name, other.getAttribute(name));
      else control.removeAttribute(name);
    }
  }
}

function sayFailed() {
  const status = document.querySelector("[data-live][role=status]");
  if (status) status.textContent = form.dataset.failed;
  form.querySelector("[data-live-hidden]").hidden = false;
}

async function refresh() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const url = address();
  const settled = settle;
  try {
    const response = await fetch(url, { signal, credentials: "same-origin" });
    // Signed out meanwhile: the whole page goes where the answer went.
    if (response.redirected) return location.assign(url);
    if (!response.ok) throw new Error(response.statusText);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    history.replaceState(history.state, "", url);
    replaceParts(answer);
    document.dispatchEvent(new Event("jejak:put-back"));
    for (const field of document.querySelectorAll("[data-language] [name=next]")) field.value = url;
    settled(true);
  } catch (error) {
    if (error.name === "AbortError") return;
    sayFailed();
    settled(false);
  }
}

// One promise for all changes until the page has caught up with them.
function schedule(pause) {
  clearTimeout(timer);
  if (!settle) {
    fresh = new Promise((resolve) => {
      settle = (isFresh) => {
        settle = null;
        resolve(isFresh);
      };
    });
  }
  timer = setTimeout(refresh, pause);
}

function onChange(event) {
  if (event.type === "input" && isHalfTyped(event.target)) return;
  if (event.target.matches("[data-live-whole]")) form.requestSubmit();
  else schedule(event.type === "input" ? PAUSE_MS : 0);
}

// Half a date is no question yet; left as it is, it is one.
function isHalfTyped(field) {
  return field.matches("[data-day-text]") && field.value.trim() !== "" && !readDay(field.value);
}

function onClick(event) {
  const link = event.target.closest("[data-live-set]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const field = form.elements[link.dataset.liveSet];
  const day = field.matches("[data-day-text]") && readDay(link.dataset.value);
  field.value = day ? writeDay(day) : link.dataset.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

// What acts on the form's answer waits until that is the newest: nobody makes what was shown before.
async function onSubmit(event) {
  if (!settle || !("liveFollows" in event.target.dataset)) return;
  event.preventDefault();
  event.stopPropagation();
  const button = event.submitter;
  if (await fresh) event.target.requestSubmit(button);
}

export function startLive() {
  form = document.querySelector("form[data-live-form]");
  if (!form) return;
  form.querySelector("[data-live-hidden]").hidden = true;
  form.addEventListener("change", onChange);
  form.addEventListener("input", onChange);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit, true);
}
