// Says below a text, while it is typed, what in it seems to identify a person, and redacts it at a press.
// The patterns are the server's alone; without this script the form comes back with the same notice.
const PAUSE_MS = 900;

class Guard {
  constructor(box, text) {
    this.box = box;
    this.text = text;
    this.checked = text.value;
    text.addEventListener("input", () => this.later(PAUSE_MS));
    text.form.addEventListener("jejak:put-back", () => this.later(0));
    box.addEventListener("click", (event) => this.pressed(event));
    box.addEventListener("focusout", () => this.later(0));
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), delay);
  }

  // A notice that somebody is typing in does not change under their hands.
  async check() {
    const text = this.text.value;
    if (text === this.checked || this.box.contains(document.activeElement)) return;
    const answer = await this.ask(text);
    if (answer === null || text !== this.text.value) return;
    this.checked = text;
    const fresh = document.createElement("template");
    fresh.innerHTML = answer;
    const places = (root) => [...root.querySelectorAll("ul, [data-guard-cut]")].map((each) => each.textContent).join();
    if (places(fresh.content) !== places(this.box)) this.box.replaceChildren(fresh.content);
  }

  async ask(text, more = {}) {
    const reason = this.box.querySelector("textarea")?.value ?? "";
    const token = this.text.form.elements.csrfmiddlewaretoken.value;
    const { guard: id, guardName: name } = this.box.dataset;
    const fields = { text, reason, id, name, csrfmiddlewaretoken: token, ...more };
    try {
      const response = await fetch(this.box.dataset.guardUrl, { method: "POST", body: new URLSearchParams(fields) });
      return response.ok && !response.redirected ? await response.text() : null;
    } catch {
      return null;
    }
  }

  async pressed(event) {
    const button = event.target.closest("[data-guard-redact]");
    if (!button) return;
    event.preventDefault();
    const redacted = await this.ask(this.text.value, { redact: "1" });
    if (redacted === null) {
      this.text.form.requestSubmit(button);
      return;
    }
    this.text.value = redacted;
    this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.later(0);
  }
}

export function startGuards() {
  for (const box of document.querySelectorAll("[data-guard]")) {
    const text = document.getElementById(box.dataset.guard);
    if (text?.form) new Guard(box, text);
  }
}
