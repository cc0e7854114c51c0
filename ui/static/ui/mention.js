// "@" in a comment offers the people who read it. Choosing one writes the name, and ticks it in the list of the form:
// that list holds only whom the comment may reach, and works without scripts.

const LONGEST = 40;

class Mentions {
  constructor(list) {
    this.list = list;
    this.form = list.closest("form");
    this.text = this.form.querySelector("textarea");
    this.status = this.form.querySelector("[data-mention-status]");
    this.people = [...this.form.querySelectorAll("input[name=mentioned]")].map((box) => {
      const label = box.closest("label").textContent.trim();
      return { box, label, name: label.slice(0, label.lastIndexOf(",")) };
    });
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.addEventListener("input", () => this.offer());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("blur", () => this.close());
    this.form.querySelector("[data-mention-hint]").hidden = false;
  }

  // The words after the last "@" before the caret; null where none is being written.
  asked() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    const at = before.lastIndexOf("@");
    const words = before.slice(at + 1);
    const isBegun = at >= 0 && (at === 0 || /\s/.test(before[at - 1]));
    return isBegun && !words.includes("\n") && words.length <= LONGEST ? words.toLowerCase() : null;
  }

  offer() {
    const asked = this.asked();
    const wanted = asked?.split(" ").filter(Boolean) ?? [];
    const fits = ({ label, name }) =>
      !asked.startsWith(`${name.toLowerCase()} `) &&
      wanted.every((word) => label.toLowerCase().split(/[\s,]+/).some((part) => part.startsWith(word)));
    this.found = asked === null ? [] : this.people.filter(fits);
    if (!this.found.length) return this.close();
    this.list.replaceChildren(...this.found.map((person, index) => this.option(person, index)));
    this.list.hidden = false;
    this.text.setAttribute("aria-controls", this.list.id);
    this.status.textContent = this.status.dataset.words.replace("{count}", this.found.length);
    return this.point(0);
  }

  option(person, index) {
    const option = document.createElement("li");
    Object.assign(option, { id: `mention-${index}`, className: "mentions__person", textContent: person.label });
    option.setAttribute("role", "option");
    // The text keeps the focus.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.take(person));
    return option;
  }

  point(index) {
    this.pointed = (index + this.found.length) % this.found.length;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.pointed)));
    const option = this.list.children[this.pointed];
    option.scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", option.id);
  }

  onKey(event) {
    if (this.list.hidden || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.point(this.pointed + steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.found[this.pointed]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take({ box, name }) {
    const caret = this.text.selectionStart;
    const at = this.text.value.lastIndexOf("@", caret - 1);
    this.text.setRangeText(`@${name} `, at, caret, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.closest("details").open = true;
    this.close();
    this.text.focus();
  }

  close() {
    this.list.hidden = true;
    this.status.textContent = "";
    for (const name of ["aria-controls", "aria-activedescendant"]) this.text.removeAttribute(name);
  }
}

export function startMentions() {
  for (const list of document.querySelectorAll("[data-mentions]")) new Mentions(list);
}
