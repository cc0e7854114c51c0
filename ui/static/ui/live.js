// A form whose answer stands on the same page: as one changes it, the page is asked anew and its live parts replaced.
// What one fills in, and where one is, stays. The address follows, so that it can be sent on. A form that is posted sends the
// act that shows what it would do and saves nothing; until it makes sense, what was shown stays.
import { readDay, writeDay } from "./dates.js";

const PAUSE_MS = 250;

let form = null;
let timer = 0;
let running = null;
let fresh = Promise.resolve(true);
let settle = null;

const isPosted = () => form.method === "post";

function ask(url, signal) {
  if (!isPosted()) return fetch(url, { signal, credentials: "same-origin" });
  const body = new FormData(form);
  body.set("act", form.dataset.liveAct);
  return fetch(url, { signal, credentials: "same-origin", method: "POST", body });
}

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

function followAddress(url) {
  history.replaceState(history.state, "", url);
  document.dispatchEvent(new Event("jejak:put-back"));
  for (const field of document.querySelectorAll("[data-language] [name=next]")) field.value = url;
}

function sayFailed() {
  const status = document.querySelector("[data-live][role=status]");
  if (status) status.textContent = form.dataset.failed;
  showButton(true);
}

// The button that asks without scripts, where it does nothing else.
function showButton(isShown) {
  const button = form.querySelector("[data-live-hidden]");
  if (button) button.hidden = !isShown;
}

async function refresh() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const url = isPosted() ? location.href : address();
  const settled = settle;
  try {
    const response = await ask(url, signal);
    // Signed out meanwhile: the whole page goes where the answer went.
    if (response.redirected) return location.assign(url);
    if (isPosted() && response.status === 422) return settled(true);
    if (!response.ok) throw new Error(response.statusText);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    replaceParts(answer);
    if (!isPosted()) followAddress(url);
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
  showButton(false);
  form.addEventListener("change", onChange);
  form.addEventListener("input", onChange);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit, true);
}
