// Several files at once, two on the way at a time. Each row stands and fails alone, and says what to do.
import { onDrop } from "./drop.js";

const AT_ONCE = 2;
const RETRY_MS = [5000, 15000, 45000, 120000];
const MB = 1024 * 1024;
const SHORT_NAME = 24;
const KEPT_END = 13;

// A small file has its size in KB: "0.0 of 0.0 MB" says nothing.
function size(bytes) {
  return bytes < MB ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`;
}

// A long name is cut in its middle, as `file_name` of `ui/components.py` has it.
function fileName(name) {
  const signs = [...name];
  if (signs.length <= SHORT_NAME) return name;
  const [start, end] = [signs.slice(0, -KEPT_END).join(""), signs.slice(-KEPT_END).join("")];
  const [box, whole, last] = Array.from({ length: 3 }, () => document.createElement("span"));
  Object.assign(box, { className: "file-name", title: name }).dataset.end = end;
  whole.className = "file-name__whole";
  last.textContent = end;
  whole.append(start, last);
  box.append(whole);
  return box;
}

class Uploads {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.input = box.querySelector("input[type=file]");
    this.list = box.querySelector("[data-files]");
    this.waiting = [];
    // Those that found no connection: they are tried again by themselves.
    this.stalled = [];
    this.stalls = 0;
    this.going = 0;
    this.dress();
    this.listen();
    this.list.querySelectorAll("[data-file]").forEach((row) => this.enliven(row));
  }

  dress() {
    const choose = this.box.querySelector("[data-choose]");
    choose.hidden = false;
    choose.addEventListener("click", () => this.input.click());
    this.box.querySelector("[data-drop-words]").hidden = false;
    this.box.querySelector("[data-plain-words]").hidden = true;
    this.input.hidden = true;
  }

  listen() {
    const zone = this.box.querySelector("[data-drop]");
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    onDrop(zone, (files) => this.add(files));
    document.addEventListener("submit", (event) => this.holdBack(event), true);
    addEventListener("online", () => this.tryAgain());
  }

  holdBack(event) {
    if (event.target !== this.form || !(this.going + this.waiting.length + this.stalled.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.box.querySelector("[data-busy-words]").hidden = false;
    this.box.scrollIntoView({ block: "center" });
  }

  add(files) {
    for (const file of files) this.queue(file);
    this.next();
  }

  queue(file) {
    const row = this.box.querySelector("[data-going]").content.cloneNode(true).firstElementChild;
    const part = (name) => row.querySelector(`[data-${name}]`);
    const job = { file, row, part };
    part("name").append(fileName(file.name));
    part("bar").setAttribute("aria-label", file.name);
    part("words").textContent = this.box.dataset.waiting;
    part("cancel").addEventListener("click", () => this.cancel(job));
    this.list.append(row);
    if (file.size > Number(this.box.dataset.maxBytes)) this.fail(job, this.box.dataset.tooLarge);
    else this.waiting.push(job);
  }

  next() {
    while (this.going < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
    if (!this.going && !this.stalled.length) this.box.querySelector("[data-busy-words]").hidden = true;
  }

  // A file that still fails while the browser is connected may be gone from its folder: its row says what to do.
  stall(job) {
    job.tries = (job.tries ?? 0) + 1;
    if (navigator.onLine && job.tries > RETRY_MS.length) return this.fail(job, this.box.dataset.failed);
    for (const name of ["bar", "percent"]) job.part(name).hidden = true;
    job.part("words").textContent = this.box.dataset.offline;
    this.stalled.push(job);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tryAgain(), RETRY_MS[Math.min(this.stalls++, RETRY_MS.length - 1)]);
  }

  tryAgain() {
    this.waiting.push(...this.stalled.splice(0));
    this.next();
  }

  send(job) {
    if (!navigator.onLine) return this.stall(job);
    for (const name of ["bar", "percent"]) job.part(name).hidden = false;
    const data = new FormData();
    data.append("file", job.file);
    data.append("classification", this.usualClass());
    const request = new XMLHttpRequest();
    job.request = request;
    this.going += 1;
    request.open("POST", this.box.dataset.url);
    request.setRequestHeader("X-CSRFToken", this.token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => this.progress(job, event));
    request.addEventListener("load", () => this.answered(job));
    request.addEventListener("error", () => this.stall(job));
    request.addEventListener("loadend", () => {
      this.going -= 1;
      this.next();
    });
    request.send(data);
  }

  token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  usualClass() {
    return this.form.elements.classification.value;
  }

  progress(job, { loaded, total }) {
    if (!total) return;
    this.stalls = 0;
    const share = Math.round((loaded / total) * 100);
    job.part("bar").value = share;
    job.part("percent").textContent = `${share}%`;
    // What arrived whole is still to be kept, and scanned, by the server.
    const words = loaded < total ? this.box.dataset.progress : this.box.dataset.arrived;
    job.part("words").textContent = words.replace("{done}", size(loaded)).replace("{total}", size(total));
  }

  answered(job) {
    const answer = readJson(job.request.responseText);
    const isSignedOut = [401, 403].includes(job.request.status) || (job.request.status === 200 && !answer);
    if (job.request.status === 201 && answer) this.done(job, answer);
    else if (isSignedOut) this.fail(job, this.box.dataset.signedOut);
    else if (job.request.status === 507) this.fail(job, this.box.dataset.noRoom);
    else this.fail(job, answer?.error || this.box.dataset.failed);
  }

  fail(job, words) {
    for (const name of ["bar", "percent", "words"]) job.part(name).hidden = true;
    job.part("error").hidden = false;
    job.part("error").textContent = words;
  }

  cancel(job) {
    for (const jobs of [this.waiting, this.stalled]) if (jobs.includes(job)) jobs.splice(jobs.indexOf(job), 1);
    if (job.request && job.request.readyState !== XMLHttpRequest.DONE) job.request.abort();
    job.row.remove();
    this.next();
  }

  done(job, answer) {
    const row = this.box.querySelector("[data-row]").content.cloneNode(true).firstElementChild;
    row.querySelector("[data-icon]").innerHTML = answer.icon_html;
    row.querySelector("[data-name]").innerHTML = answer.name_html;
    row.querySelector("[data-name]").href = answer.detail_url;
    row.querySelector("[data-scan]").innerHTML = answer.scan_html;
    row.querySelector("[data-name-warning]").innerHTML = answer.name_warning_html;
    row.querySelector("[data-kind]").textContent = answer.kind;
    row.querySelector("[data-size]").textContent = answer.size_text;
    for (const name of ["id", "follows"]) row.querySelector(`[data-${name}]`).value = answer.id;
    row.querySelector("[data-fact=classification]").value = answer.classification;
    job.row.replaceWith(row);
    this.enliven(row);
    this.changed();
  }

  enliven(row) {
    const remove = row.querySelector("[data-remove]");
    remove.addEventListener("click", (event) => {
      event.preventDefault();
      row.remove();
      this.changed();
    });
    const facts = row.querySelector("[data-facts]");
    if (!facts) return;
    const follows = row.querySelector("[data-follows]");
    facts.hidden = follows.checked;
    follows.addEventListener("change", () => this.follow(row, follows.checked));
    this.form.addEventListener("jejak:put-back", () => (facts.hidden = follows.checked));
    for (const fact of row.querySelectorAll("[data-fact]")) fact.addEventListener("change", () => this.describe(row));
  }

  // A row that goes its own way begins with the update's dates and class.
  follow(row, isFollowing) {
    row.querySelector("[data-facts]").hidden = isFollowing;
    if (isFollowing) return;
    const { covers_from: first, covers_to: last, classification } = this.form.elements;
    const usual = { evidence_from: first.value, evidence_to: last.value, classification: classification.value };
    for (const fact of row.querySelectorAll("[data-fact]")) {
      const its = usual[fact.dataset.fact];
      // A class that somebody raised meanwhile is not lowered unseen.
      if (fact.localName === "select") fact.value = String(Math.max(fact.value, its));
      else fact.value ||= its;
    }
    this.describe(row);
  }

  async describe(row) {
    const status = row.querySelector("[data-fact-status]");
    const data = new FormData();
    for (const fact of row.querySelectorAll("[data-fact]")) data.append(fact.dataset.fact, fact.value);
    const url = this.box.dataset.describeUrl.replace("/0/", `/${row.querySelector("[data-id]").value}/`);
    const headers = { "X-CSRFToken": this.token(), Accept: "application/json" };
    try {
      const response = await fetch(url, { method: "POST", body: data, headers });
      const answer = response.redirected ? null : readJson(await response.text());
      if (response.ok && answer) status.textContent = this.box.dataset.described;
      else status.textContent = answer?.error || this.box.dataset.notDescribed;
    } catch {
      status.textContent = this.box.dataset.notDescribed;
    }
  }

  changed() {
    this.form.dispatchEvent(new Event("jejak:files"));
  }
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function startUpload() {
  for (const box of document.querySelectorAll("[data-upload]")) new Uploads(box);
}
