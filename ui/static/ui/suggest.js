// The search box offers items, agencies and people while words are typed. Enter without a choice searches, as without scripts.
import { OptionList } from "./options.js";

const PAUSE_MS = 200;

class Suggestions {
  constructor(field) {
    this.field = field;
    const list = field.closest("form").querySelector("[role=listbox]");
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "false");
    this.options = new OptionList(field, list, (option) => location.assign(option.url));
    field.addEventListener("input", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (!this.field.value.trim()) this.options.close();
    else this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    this.asking = new AbortController();
    const query = new URLSearchParams(new FormData(this.field.form));
    try {
      const response = await fetch(`${this.field.dataset.suggest}?${query}`, { signal: this.asking.signal });
      // An answer from elsewhere is the sign-in page.
      const answer = response.ok && !response.redirected ? await response.json() : { suggestions: [] };
      if (document.activeElement !== this.field) return;
      this.options.show(answer.suggestions);
      if (answer.hint) this.options.tell(answer.hint);
    } catch {
      this.options.close();
    }
  }
}

export function startSuggestions() {
  for (const field of document.querySelectorAll("[data-suggest]")) new Suggestions(field);
}
