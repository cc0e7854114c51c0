// Saves a draft while it is typed. Until the server has answered, the text also lies in session storage:
// a lost connection, an expired session or a colleague's newer draft loses no word.
import { draftKeyOf, nameSending } from "./keep.js";
import { nameOf } from "./offline.js";
import { fieldsOf, forget, isSame, keep, kept, putBack } from "./store.js";
import { askTabs, onTabs } from "./tabs.js";

const PAUSE_MS = 1500;
const RETRY_MS = [5000, 15000, 45000, 120000];

class Draft {
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.key = draftKeyOf(form);
    this.keyBefore = form.dataset.keyBefore && `draft:${form.dataset.keyBefore}`;
    this.text = box.querySelector("[data-autosave-text]");
    // A form that comes back with errors, or beside a colleague's text, shows words that no draft holds yet.
    // Beside a colleague's text nothing is saved until the person has chosen and typed.
    this.isHeld = "unsaved" in form.dataset;
    this.isEcho = this.isHeld || Boolean(form.querySelector("[data-summary]"));
    this.saved = this.isEcho ? null : this.typedNow();
    this.failures = 0;
    this.listen();
    this.adopt();
    this.restore();
  }

  // What was typed before there was a draft goes on in the one that was begun since; the page of an error shows it itself.
  adopt() {
    const stored = this.keyBefore && kept(this.keyBefore);
    if (!stored) return;
    forget(this.keyBefore);
    if (!this.isEcho && !kept(this.key)) keep(this.key, stored);
  }

  // The first save has begun the draft: the form goes on at its address, and its text is kept under its name.
  moveTo({ address, autosave_url, keep_key }) {
    if (!address || keep_key === this.form.dataset.keepKey) return;
    forget(this.key);
    this.keyBefore = this.key;
    this.form.setAttribute("action", address);
    Object.assign(this.form.dataset, { autosaveUrl: autosave_url, keepKey: keep_key });
    this.key = draftKeyOf(this.form);
    history.replaceState(history.state, "", address);
  }

  part(name) {
    return this.box.querySelector(`[data-autosave-${name}]`);
  }

  listen() {
    for (const event of ["input", "change"]) this.form.addEventListener(event, () => this.typed(PAUSE_MS));
    this.form.addEventListener("jejak:files", () => this.typed(0));
    this.form.addEventListener("jejak:held-back", (event) => this.holdBack(event.detail));
    document.addEventListener("submit", (event) => this.waitForAnswer(event), true);
    document.addEventListener("submit", (event) => {
      if (event.target === this.form && !event.defaultPrevented) this.sent();
    });
    document.addEventListener("jejak:leaving", (event) => event.detail.push(this.save()));
    document.addEventListener("jejak:signing-out", () => (this.isLeaving = true));
    document.addEventListener("visibilitychange", () => this.save());
    onTabs("saved", (about) => this.hasSaved(about));
    addEventListener("online", () => this.backOnline());
    addEventListener("pagehide", () => this.flush());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    this.part("retry").addEventListener("click", () => this.save());
  }

  typedNow() {
    return { fields: fieldsOf(this.form), files: new FormData(this.form).getAll("documents") };
  }

  get isDirty() {
    return !isSame(this.typedNow(), this.saved);
  }

  get revision() {
    return this.form.elements.revision;
  }

  // Another form of the page may be about the same revision, as the one that discards the draft.
  goOnFrom(revision) {
    this.revision.value = revision;
    for (const field of document.querySelectorAll("[data-follows-revision]")) field.value = revision;
  }

  keep(more = {}) {
    keep(this.key, { fields: fieldsOf(this.form), revision: this.revision.value, ...more });
  }

  // What lies in storage was never confirmed by the server. Its age does not matter, only what it was based on.
  restore() {
    if (this.isHeld) {
      // Left without a choice, the text must meet the colleague's again: it is kept as based on an older draft.
      this.keep({ revision: String(this.revision.value - 1) });
      return;
    }
    if (this.isEcho) {
      this.keep();
      this.later(0);
      return;
    }
    const stored = kept(this.key);
    if (stored) this.putBack(stored);
    else askTabs("kept", this.key).then((entry) => this.borrow(entry));
  }

  // What another tab has not saved yet, unless it was based on an older draft: that tab offers to compare.
  borrow(entry) {
    if (entry?.revision === this.revision.value && !this.isDirty) this.putBack(entry);
  }

  putBack(stored) {
    if (isSame(stored.fields, this.saved.fields)) {
      forget(this.key);
      return;
    }
    putBack(this.form, stored.fields);
    if (stored.revision === this.revision.value) {
      this.keep();
      this.say("restored");
      this.later(0);
    } else {
      // Somebody saved meanwhile. With the old revision the server will show both texts side by side.
      this.goOnFrom(stored.revision);
      this.becomeStale();
    }
  }

  // `by` says who saved the newer text. Only this browser knows whether its own person did in another of its tabs.
  async becomeStale(by = this.box.dataset.stale, isOwn = "staleIsOwn" in this.box.dataset) {
    this.isStale = true;
    this.keep();
    this.text.textContent = by;
    this.say("", ["compare"]);
    if (!isOwn || !(await askTabs("saved", { key: this.key, revision: this.revision.value }))) return;
    this.text.textContent = this.box.dataset.staleTab;
    this.part("compare").value = "compare-tabs";
  }

  // Whether this tab saved something newer than another tab knows.
  hasSaved({ key, revision }) {
    return [this.key, this.keyBefore].includes(key) && this.lastSaved > Number(revision);
  }

  typed(pause) {
    this.isLeaving = false;
    this.isHeld = false;
    if (!this.isDirty) return;
    this.keep();
    if (!this.isStale) this.later(pause);
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  // Sent while a save is on its way, the form would still name the revision before it and meet itself as a colleague.
  // Where the last save did not get through, another must, before the form is risked.
  waitForAnswer(event) {
    if (event.target !== this.form || (!this.saving && !this.failures)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    (this.saving ?? this.save()).then(() => (this.failures ? this.holdBack(button) : this.form.requestSubmit(button)));
  }

  // Says that nothing was sent. A draft that is only to be saved is saved without another press.
  holdBack(button) {
    this.heldBack = this.isHeld || button?.value !== "save" ? nameOf(button) : "";
    this.sayOffline();
  }

  sayOffline() {
    if (this.heldBack) this.say("held-back");
    else this.say("offline", ["retry"]);
  }

  async backOnline() {
    if ((await this.save()) && this.heldBack) this.say("back-online");
  }

  // The ordinary submit carries everything; the copy stays until the server has confirmed it.
  sent() {
    clearTimeout(this.timer);
    this.isLeaving = true;
    this.heldBack = "";
    this.keep({ sending: nameSending(this.form) });
  }

  // Resolves to true when nothing is left to save.
  async save() {
    clearTimeout(this.timer);
    if (this.saving) await this.saving;
    if (this.isHeld || this.isStale || this.isLeaving || !this.isDirty) return !this.isDirty;
    this.saving = this.attempt();
    await this.saving;
    this.saving = null;
    return !this.isDirty;
  }

  async attempt() {
    const sent = this.typedNow();
    if (!this.failures) this.say("saving");
    try {
      if (this.wasSignedOut) await this.refreshToken();
      this.answered(await this.post(), sent);
    } catch {
      this.failed();
    }
  }

  body() {
    const data = new FormData(this.form);
    for (const control of this.form.querySelectorAll("input[type=file]")) data.delete(control.name);
    return data;
  }

  async post() {
    const response = await fetch(this.form.dataset.autosaveUrl, {
      method: "POST",
      body: this.body(),
      headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
    });
    if (response.redirected || [401, 403].includes(response.status)) return { state: "signed-out" };
    return response.json();
  }

  answered(answer, sent) {
    if (answer.state === "saved") {
      this.confirmed(answer, sent);
    } else if (answer.state === "stale") {
      this.becomeStale(answer.message, answer.is_own);
    } else if (answer.state === "invalid") {
      this.say("invalid", ["retry"], Object.values(answer.errors || {}).flat()[0]);
    } else {
      this.signedOut();
    }
  }

  confirmed(answer, sent) {
    this.moveTo(answer);
    this.goOnFrom(answer.revision);
    this.lastSaved = answer.revision;
    this.saved = sent;
    this.failures = 0;
    this.wasSignedOut = false;
    if (this.isDirty) {
      this.keep();
      this.later(PAUSE_MS);
    } else {
      forget(this.key);
    }
    this.text.textContent = answer.saved_text;
    this.form.dispatchEvent(new CustomEvent("jejak:saved", { detail: answer }));
    this.say(this.heldBack ? "back-online" : null);
  }

  // The token alone may be old (signed in again elsewhere): one quiet second try before saying so.
  signedOut() {
    if (this.wasSignedOut) {
      this.say("signed-out", ["sign-in", "retry"]);
    } else {
      this.wasSignedOut = true;
      this.later(0);
    }
  }

  failed() {
    this.sayOffline();
    this.later(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
    this.failures += 1;
  }

  // After signing in again in another tab the page needs the new session's token, and the same person.
  async refreshToken() {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = page.querySelector("form input[name=csrfmiddlewaretoken]");
    if (token && page.body.dataset.person === document.body.dataset.person) {
      for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token.value;
    }
  }

  // The page goes away with unsaved text (a closed tab): one last try that outlives it.
  flush() {
    if (this.isHeld || this.isLeaving || this.isStale || !this.isDirty) return;
    this.keep();
    navigator.sendBeacon(this.form.dataset.autosaveUrl, this.body());
  }

  say(name, parts = [], detail = "") {
    const words = this.box.dataset[camel(name ?? "")]?.replace("{button}", this.heldBack);
    if (name) this.text.textContent = [words, detail].filter(Boolean).join(" ");
    this.box.classList.toggle("is-troubled", this.isStale || (Boolean(name) && !["saving", "restored"].includes(name)));
    this.part("tick").hidden = this.isStale || Boolean(name);
    for (const part of ["sign-in", "retry", "compare"]) {
      const element = this.part(part);
      if (element) element.hidden = !parts.includes(part);
    }
  }
}

function camel(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const box = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
    if (box) new Draft(form, box);
  }
}
