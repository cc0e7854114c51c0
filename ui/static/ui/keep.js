// Keeps what is typed in any form with data-keep over a switch of language or a lost session.
import { fieldsOf, forget, isSame, keep, kept, keptKeys, markUnsent, putBack } from "./store.js";

function keyOf(form) {
  return `form:${form.dataset.keepKey || `${location.pathname}#${form.id}`}`;
}

// Drafts keep under their own name; both kinds are cleared here once they have arrived.
export function draftKeyOf(form) {
  return `draft:${form.dataset.keepKey || location.pathname}`;
}

// Says that the fields hold more than the page came with, and takes it back at a click.
function tellRestored(form, key) {
  const note = document.getElementById("restored").content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => {
    forget(key);
    form.reset();
    form.dispatchEvent(new Event("jejak:put-back"));
    note.remove();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  form.prepend(note);
}

function watch(form) {
  const key = keyOf(form);
  const stored = kept(key);
  if (stored && !isSame(stored.fields, fieldsOf(form))) {
    putBack(form, stored.fields);
    tellRestored(form, key);
  }
  const remember = () => keep(key, { fields: fieldsOf(form) });
  form.addEventListener("input", remember);
  form.addEventListener("change", remember);
  document.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented && kept(key)) keep(key, { fields: fieldsOf(form), isSent: true });
  });
  for (const link of form.querySelectorAll("[data-cancel]")) link.addEventListener("click", () => forget(key));
}

// A sent form that the next page no longer shows has arrived.
function clearArrived(shown) {
  for (const key of keptKeys()) if (!shown.has(key) && kept(key).isSent) forget(key);
}

export function startKeep() {
  if (!document.body.dataset.person) {
    // A page without a signed-in person: the session was lost on the way, and the text waits for the way back.
    markUnsent();
    return;
  }
  for (const element of document.querySelectorAll("[data-kept-clear]")) {
    forget(`form:${element.dataset.keptClear}`);
    forget(`draft:${element.dataset.keptClear}`);
  }
  const forms = [...document.querySelectorAll("form[data-keep]")];
  const drafts = [...document.querySelectorAll("form[data-autosave]")];
  clearArrived(new Set([...forms.map(keyOf), ...drafts.map(draftKeyOf)]));
  forms.forEach(watch);
}
