// Keeps what is typed in any form with data-keep until the server has confirmed exactly that.
import { fieldsOf, forget, forgetArrived, isSame, keep, kept, putBack } from "./store.js";
import { askTabs, onTabs } from "./tabs.js";

function keyOf(form) {
  return `form:${form.dataset.keepKey || `${location.pathname}#${form.id}`}`;
}

export function draftKeyOf(form) {
  return `draft:${form.dataset.keepKey || location.pathname}`;
}

// Gives what is being sent a name of its own, by which the server confirms it (accounts/middleware.py).
export function nameSending(form) {
  const name = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let field = form.querySelector("input[name=sending]");
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "sending" });
    form.append(field);
  }
  field.value = name;
  return name;
}

// Says that the fields hold more than the page came with, and takes it back at a click.
function tellRestored(form, key) {
  const note = document.getElementById("restored").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => {
    form.reset();
    // Not forgotten: another tab may still hold what was cleared here, and is not asked again.
    keep(key, { isCleared: true });
    form.dispatchEvent(new Event("jejak:put-back"));
    note.remove();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  form.prepend(note);
}

function restore(form, key, { fields }) {
  if (isSame(fields, fieldsOf(form))) return;
  putBack(form, fields);
  keep(key, { fields: fieldsOf(form) });
  tellRestored(form, key);
}

function watch(form) {
  const key = keyOf(form);
  const stored = kept(key);
  if (stored?.fields) restore(form, key, stored);
  else if (!stored) askTabs("kept", key).then((entry) => entry?.fields && !kept(key) && restore(form, key, entry));
  onTabs("arrived", ({ fields }) => isSame(fields, fieldsOf(form)) && !kept(key) && form.reset());
  const remember = () => keep(key, { fields: fieldsOf(form) });
  form.addEventListener("input", remember);
  form.addEventListener("change", remember);
  document.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented && kept(key)) keep(key, { fields: fieldsOf(form), sending: nameSending(form) });
  });
  for (const link of form.querySelectorAll("[data-cancel]")) link.addEventListener("click", () => forget(key));
}

export function startKeep() {
  // On a page without a signed-in person the session was lost on the way: the text waits for the way back.
  if (!document.body.dataset.person) return;
  for (const element of document.querySelectorAll("[data-kept-clear]")) {
    forget(`form:${element.dataset.keptClear}`);
    forget(`draft:${element.dataset.keptClear}`);
  }
  forgetArrived();
  document.querySelectorAll("form[data-keep]").forEach(watch);
}
