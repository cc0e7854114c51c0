// Menus, toasts, questions, copying and leaving: what any page may hold.
import { forgetAll } from "./store.js";
import { onTabs } from "./tabs.js";

const TOAST_MS = 10000;
const LEAVE_MS = 3000;
const COPIED_MS = 4000;
const SIGN_OUT_TRIES = 20;
const SIGN_OUT_PAUSE_MS = 250;

// Asks in the page's own dialog; resolves to true for yes.
export function ask(question, yesWord = "") {
  const dialog = document.getElementById("confirm");
  const [no, yes] = dialog.querySelectorAll("button");
  const usual = yes.textContent;
  dialog.querySelector("p").textContent = question;
  if (yesWord) yes.textContent = yesWord;
  dialog.returnValue = "no";
  dialog.showModal();
  no.focus();
  no.onclick = () => dialog.close("no");
  yes.onclick = () => dialog.close("yes");
  return new Promise((resolve) => {
    dialog.onclose = () => {
      yes.textContent = usual;
      resolve(dialog.returnValue === "yes");
    };
  });
}

// Lets every draft on the page save itself first. Resolves to false when one could not.
async function saveDrafts() {
  const saves = [];
  document.dispatchEvent(new CustomEvent("jejak:leaving", { detail: saves }));
  const late = new Promise((resolve) => setTimeout(resolve, LEAVE_MS, [false]));
  const results = await Promise.race([Promise.all(saves), late]);
  return results.every(Boolean);
}

async function leave(form, submitter) {
  const isSaved = await saveDrafts();
  if ("signout" in form.dataset) {
    if (!isSaved && !(await ask(form.dataset.unsaved))) return;
    document.dispatchEvent(new Event("jejak:signing-out"));
    forgetAll();
  }
  if (submitter?.name) form.append(hiddenCopy(submitter));
  form.submit();
}

function hiddenCopy(button) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: button.name, value: button.value });
  return input;
}

function startLeaving() {
  for (const form of document.querySelectorAll("form[data-signout], form[data-language]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(form, event.submitter);
    });
  }
}

// In the person's other tabs. They hear of it just before the server does: until then sign-in would lead back inside.
async function goToSignIn() {
  const address = document.body.dataset.signIn;
  for (let tries = 0; tries < SIGN_OUT_TRIES; tries++) {
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, SIGN_OUT_PAUSE_MS));
  }
  location.replace(address);
}

function startMenus() {
  const menus = document.querySelectorAll("details[data-menu]");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function startToasts() {
  for (const toast of document.querySelectorAll("[data-toast]")) {
    const close = toast.querySelector("[data-dismiss]");
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
    const fade = () => (toast.matches(":hover, :focus-within") ? setTimeout(fade, TOAST_MS) : toast.remove());
    setTimeout(fade, TOAST_MS);
  }
}

function startPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  // Print on a page that is cut leads here, to all of it; loaded anew or left and come back to, it does not print again.
  if (location.hash !== "#print") return;
  history.replaceState(history.state, "", location.pathname + location.search);
  if (document.readyState === "complete") print();
  else addEventListener("load", () => print());
}

// "Copied" is seen, and read by screen readers, in the status beside the button.
function startCopying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const status = button.nextElementSibling;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const copying = navigator.clipboard.writeText(button.dataset.copy);
      status.textContent = await copying.then(() => button.dataset.copied, () => button.dataset.refused);
      setTimeout(() => (status.textContent = ""), COPIED_MS);
    });
  }
}

// On a phone the tabs are wider than the screen: the current one is brought into sight.
function showCurrentTab() {
  for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
    const tabs = tab.parentElement;
    tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }
}

export function startPage() {
  startMenus();
  showCurrentTab();
  startToasts();
  startCopying();
  startPrinting();
  startLeaving();
  onTabs("signed-out", () => void goToSignIn());
  document.querySelector("[data-summary]")?.focus();
}
