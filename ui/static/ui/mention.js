// "@" in a comment offers the people who read it. Choosing one writes the name, and ticks it in the list of the form:
// that list holds only whom the comment may reach, and works without scripts.

import { OptionList } from "./options.js";

const LONGEST = 40;

class Mentions {
  constructor(list) {
    this.form = list.closest("form");
    this.text = this.form.querySelector("textarea");
    this.people = [...this.form.querySelectorAll("input[name=mentioned]")].map((box) => {
      const label = box.closest("label").textContent.trim();
      return { box, label, name: label.slice(0, label.lastIndexOf(",")) };
    });
    this.options = new OptionList(this.text, list, (person) => this.take(person), { pointsAtFirst: true });
    this.text.addEventListener("input", () => this.offer());
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
    this.options.show(asked === null ? [] : this.people.filter(fits));
  }

  take({ box, name }) {
    const caret = this.text.selectionStart;
    const at = this.text.value.lastIndexOf("@", caret - 1);
    this.text.setRangeText(`@${name} `, at, caret, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.closest("details").open = true;
    this.text.focus();
  }
}

export function startMentions() {
  for (const list of document.querySelectorAll("[data-mentions]")) new Mentions(list);
}
