// Typed text in session storage: of this tab, of this person, gone at sign-out. Desks are shared.
import { onTabs, tellTabs } from "./tabs.js";

const PREFIX = "jejak:";
const person = document.body.dataset.person || "";
let isSignedOut = false;

function entries() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

// What one person left behind is not for the next one.
if (person) {
  for (const key of entries()) if (!key.startsWith(`${PREFIX}${person}:`)) sessionStorage.removeItem(key);
}

// Afterwards nothing is kept any more: a page that is left would put its draft back.
function forgetHere() {
  isSignedOut = true;
  for (const key of entries()) sessionStorage.removeItem(key);
}

// At sign-out, in every tab of the person.
export function forgetAll() {
  forgetHere();
  tellTabs("signed-out");
}

export function keep(key, value) {
  if (isSignedOut) return;
  try {
    sessionStorage.setItem(`${PREFIX}${person}:${key}`, JSON.stringify(value));
  } catch {
    // A full storage must not stop the typing; the server's copy remains.
  }
}

export function kept(key) {
  const text = sessionStorage.getItem(`${PREFIX}${person}:${key}`);
  return text === null ? null : JSON.parse(text);
}

export function forget(key) {
  sessionStorage.removeItem(`${PREFIX}${person}:${key}`);
}

// The server names what it has done in a cookie: only what was sent under such a name has arrived.
export function forgetArrived() {
  const cookies = document.cookie.matchAll(/(?:^|; )(?:__Host-)?arrived=([0-9a-f.]*)/g);
  const arrived = [...cookies].flatMap(([, names]) => names.split("."));
  for (const key of entries()) {
    const { sending, fields } = JSON.parse(sessionStorage.getItem(key));
    if (!arrived.includes(sending)) continue;
    sessionStorage.removeItem(key);
    tellTabs("arrived", { key, fields });
  }
}

onTabs("signed-out", forgetHere);
// A tab that waits at sign-in, its session ended, still holds what its person typed: their sign-out elsewhere clears that too.
if (!person && "BroadcastChannel" in window) {
  for (const absent of new Set(entries().map((key) => key.split(":")[1]))) {
    const channel = new BroadcastChannel(`jejak:${absent}`);
    channel.addEventListener("message", ({ data }) => data.kind === "signed-out" && forgetHere());
  }
}
onTabs("kept", kept);
// The same text in another tab has arrived with it.
onTabs("arrived", ({ key, fields }) => {
  const text = sessionStorage.getItem(key);
  if (text && isSame(JSON.parse(text).fields, fields)) sessionStorage.removeItem(key);
});

const NOT_TYPED = new Set(["hidden", "file", "submit", "button"]);

// A password that is shown is a text field, and a password all the same.
function isPassword(control) {
  return control.type === "password" || /\b(current|new)-password\b/.test(control.autocomplete);
}

function isTyped(control) {
  return control.name && control.name !== "identities_reason" && !NOT_TYPED.has(control.type) && !isPassword(control);
}

// The typed fields of a form as name -> list of values.
export function fieldsOf(form) {
  const fields = {};
  for (const control of form.elements) {
    if (!isTyped(control)) continue;
    fields[control.name] ??= [];
    if (["checkbox", "radio"].includes(control.type)) {
      if (control.checked) fields[control.name].push(control.value);
    } else if (control.type === "select-multiple") {
      fields[control.name].push(...[...control.selectedOptions].map((option) => option.value));
    } else {
      fields[control.name].push(control.value);
    }
  }
  return fields;
}

export function putBack(form, fields) {
  const places = {};
  for (const control of form.elements) {
    if (!isTyped(control) || !(control.name in fields)) continue;
    const values = fields[control.name];
    if (["checkbox", "radio"].includes(control.type)) {
      control.checked = values.includes(control.value);
    } else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else {
      places[control.name] ??= 0;
      control.value = values[places[control.name]++] ?? control.value;
    }
  }
  form.dispatchEvent(new Event("jejak:put-back"));
}

export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
