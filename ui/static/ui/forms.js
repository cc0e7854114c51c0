// Sending once, asking first, counting, showing a password, and a status that agrees with its percentage.
import { ask } from "./page.js";

const STUCK_MS = 15000;
const FIELD_GAP = 16;
const agreed = new WeakSet();

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-disabled=true]")) button.removeAttribute("aria-disabled");
}

function hold(form) {
  form.dataset.sent = "true";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
  setTimeout(release, STUCK_MS, form);
}

function onSubmit(event) {
  const form = event.target;
  const button = event.submitter;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
  } else if (button?.dataset.confirm && !agreed.delete(button)) {
    event.preventDefault();
    askFirst(form, button);
  } else if (form.method === "post" && !("many" in form.dataset)) {
    hold(form);
  }
}

async function askFirst(form, button) {
  if (!(await ask(button.dataset.confirm, button.dataset.confirmYes))) return;
  agreed.add(button);
  form.requestSubmit(button);
}

function startCounters() {
  for (const counter of document.querySelectorAll("[data-counter]")) {
    const text = document.getElementById(counter.dataset.counter);
    const limit = Number(counter.dataset.limit);
    const write = () => {
      // As the server counts: a line break is two characters, a sign outside the basic plane one.
      const count = [...text.value.trim().replace(/\n/g, "\r\n")].length;
      const isOver = count > limit;
      counter.textContent = (isOver ? counter.dataset.over : counter.dataset.words).replace(
        "{count}",
        (isOver ? count - limit : count).toLocaleString("en"),
      );
      counter.classList.toggle("is-over", isOver);
    };
    text.addEventListener("input", write);
    text.form?.addEventListener("jejak:put-back", write);
    write();
  }
}

function startReveals() {
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    const word = button.querySelector("span");
    const show = word.textContent;
    const reveal = (isShown) => {
      field.type = isShown ? "text" : "password";
      word.textContent = isShown ? button.dataset.hide : show;
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.hidden = false;
    button.addEventListener("click", () => reveal(field.type === "password"));
    // Browsers remember what was sent from text fields, and offer it to whoever types there next.
    field.form.addEventListener("submit", () => reveal(false));
  }
}

// None is 0, done is 100; in progress is between: what was typed there comes back, an end value is for the person to replace.
function startCoupling() {
  for (const form of document.querySelectorAll("form[data-couple-status]")) {
    const percent = form.elements[form.dataset.couplePercent];
    let between = "";
    const remember = () => {
      if (!["0", "100"].includes(percent.value)) between = percent.value;
    };
    remember();
    percent.addEventListener("input", remember);
    form.addEventListener("jejak:put-back", remember);
    form.addEventListener("change", (event) => {
      if (event.target.name !== form.dataset.coupleStatus) return;
      const fixed = { none: "0", done: "100" }[event.target.value];
      percent.value = fixed ?? between;
      percent.readOnly = Boolean(fixed);
      percent.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function startSelectAll() {
  for (const all of document.querySelectorAll("input[data-select-all]")) {
    // One for the page says how many are chosen, one for a group does not.
    const group = all.closest("[data-choice-group]");
    const boxes = [...(group ?? document).querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`)];
    const count = group ? null : document.querySelector(`[data-chosen-count="${all.dataset.selectAll}"]`);
    const reflect = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
      for (const box of boxes) box.closest("tr")?.classList.toggle("is-selected", box.checked);
      if (!count) return;
      count.hidden = chosen === 0;
      count.textContent = count.dataset.words.replace("{count}", chosen);
    };
    all.hidden = false;
    all.addEventListener("change", () => {
      const wanted = all.checked;
      const changed = boxes.filter((box) => box.checked !== wanted);
      for (const box of changed) box.checked = wanted;
      // Phones have a box of their own above the cards, and groups one each: all follow.
      for (const box of changed) box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    for (const box of boxes) box.addEventListener("change", reflect);
    reflect();
  }
}

// Takes the error of a field away, with its line in the summary: it was about what the field said before.
export function clearError(control) {
  const error = document.getElementById(`id_${control.name}_error`);
  if (!error) return;
  const box = control.closest(".field");
  for (const each of box.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  for (const each of [box, ...box.querySelectorAll("[aria-describedby]")]) {
    const ids = (each.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== error.id);
    if (ids.length) each.setAttribute("aria-describedby", ids.join(" "));
    else each.removeAttribute("aria-describedby");
  }
  // A notice of identities stays until the text is looked at again; it is the error of the field no longer.
  const notice = error.closest("[data-guard] .banner");
  if (notice) {
    error.removeAttribute("id");
    notice.classList.replace("banner--danger", "banner--warning");
  } else error.remove();
  shortenSummary(box);
}

function shortenSummary(box) {
  const summary = document.querySelector("[data-summary]");
  for (const link of summary?.querySelectorAll("li > a") ?? []) {
    if (box.querySelector(`[id="${link.hash.slice(1)}"]`)) link.parentElement.remove();
  }
  const left = summary?.querySelectorAll("li").length;
  const title = summary?.querySelector("[data-one]");
  if (left === 0) summary.remove();
  else if (title) title.textContent = left === 1 ? title.dataset.one : title.textContent.replace(/\d+/, left);
}

function startErrors() {
  for (const event of ["input", "change"]) {
    document.addEventListener(event, ({ target }) => target.form && target.name && clearError(target));
  }
}

// The bar at the foot grows with what it says. The field that somebody types in is brought back from behind it.
function startSendBar() {
  const bar = document.querySelector(".send-bar");
  if (!bar) return;
  new ResizeObserver(() => {
    const field = document.activeElement;
    if (!field?.matches("input, select, textarea") || bar.contains(field)) return;
    const { top, bottom } = field.getBoundingClientRect();
    const hidden = bottom + FIELD_GAP - bar.getBoundingClientRect().top;
    if (hidden > 0 && top > hidden + FIELD_GAP) scrollBy(0, hidden);
  }).observe(bar, { box: "border-box" });
}

export function startForms() {
  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  startCounters();
  startReveals();
  startCoupling();
  startSelectAll();
  startErrors();
  startSendBar();
}
