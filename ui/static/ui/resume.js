// The session ended before a button was pressed: after sign-in the server's banner says so. Here the banner names the
// button and stands at its form, which shows again what was chosen. All of it lies in session storage alone.
import { nameOf } from "./offline.js";
import { fieldsOf, forget, keep, kept, putBack } from "./store.js";

const KEY = "pressed";

function hasChosenFiles(form) {
  return [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);
}

function labelOf(button) {
  return button.getAttribute("aria-label") || button.textContent.trim();
}

function buttonsOf(form) {
  return [...form.elements].filter((control) => control.type === "submit");
}

// Not `form.action`: a button of that name hides it.
function addressOf(form) {
  return new URL(form.getAttribute("action") || "", location.href).pathname;
}

function remember(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const button = event.submitter || buttonsOf(form)[0];
  if (!button) return;
  keep(KEY, {
    address: addressOf(form),
    name: nameOf(button),
    label: labelOf(button),
    does: `${button.name}=${button.value}`,
    fields: fieldsOf(form),
    hadFiles: hasChosenFiles(form),
  });
}

// The button on this page, in a form with the same address. Its label also names the row in which it stands; where the
// label follows what is chosen, the button that does the same.
function findButton(pressed) {
  const forms = [...document.forms].filter((form) => form.method === "post" && addressOf(form) === pressed.address);
  const buttons = forms.flatMap(buttonsOf);
  const twins = buttons.filter((button) => `${button.name}=${button.value}` === pressed.does);
  return buttons.find((button) => labelOf(button) === pressed.label) || (twins.length === 1 ? twins[0] : undefined);
}

function isFilledInByHand(form) {
  return Object.keys(fieldsOf(form)).length > 0;
}

// Drafts and forms with data-keep were put back already, by the code that watches them.
function fillIn(form, fields) {
  if ("autosave" in form.dataset || "keep" in form.dataset) return;
  putBack(form, fields);
  for (const box of form.querySelectorAll("input[type=checkbox], input[type=radio]:checked, select"))
    box.dispatchEvent(new Event("change", { bubbles: true }));
}

function openAround(element) {
  for (let around = element.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
}

function say(note, pressed, button) {
  const { again, gone, why, files } = note.dataset;
  const words = [(button ? again : gone).replace("{button}", pressed.name), why];
  if (button && pressed.hadFiles) words.push(files);
  note.querySelector(".banner__text").textContent = words.join(" ");
}

function resume(note, pressed) {
  const button = findButton(pressed);
  say(note, pressed, button);
  if (!button) return note.focus();
  openAround(button);
  fillIn(button.form, pressed.fields);
  button.setAttribute("aria-describedby", note.id);
  if (!isFilledInByHand(button.form)) {
    // The banner stays at the top of the window.
    button.scrollIntoView({ block: "center" });
    return button.focus({ preventScroll: true });
  }
  button.form.prepend(note);
  note.focus();
}

export function startResume() {
  // The page of sign-in, or of an error, on the way back.
  if (!document.body.dataset.person) return;
  document.addEventListener("submit", remember);
  const pressed = kept(KEY);
  forget(KEY);
  const note = document.getElementById("not-done");
  if (note && pressed) resume(note, pressed);
  else note?.focus();
}
