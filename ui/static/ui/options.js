// Options under a text field while it is typed in. The field keeps the focus: arrow keys point at an option, Enter takes it,
// Escape closes the list. How many there are is also said to screen readers.
export class OptionList {
  // `list` is followed by the element that says the count. `take` gets the option that was chosen.
  constructor(field, list, take, { pointsAtFirst = false } = {}) {
    Object.assign(this, { field, list, take, pointsAtFirst, options: [], pointed: -1 });
    this.status = list.nextElementSibling;
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
  }

  // Each option has a `label`, and may have a `note` beside it.
  show(options) {
    this.close();
    if (!options.length) return;
    this.options = options;
    this.list.replaceChildren(...options.map((option, index) => this.element(option, index)));
    this.list.hidden = false;
    this.field.setAttribute("aria-controls", this.list.id);
    if (this.field.role === "combobox") this.field.setAttribute("aria-expanded", "true");
    this.status.textContent = this.status.dataset.words.replace("{count}", options.length);
    this.pointed = -1;
    if (this.pointsAtFirst) this.point(0);
  }

  // Says in place of the options why there are none.
  tell(words) {
    this.close();
    this.status.textContent = words;
    this.status.className = "options options__hint";
  }

  element(option, index) {
    const element = document.createElement("li");
    Object.assign(element, { id: `${this.list.id}-${index}`, className: "options__option" });
    element.setAttribute("role", "option");
    element.append(option.label);
    if (option.note) {
      const note = document.createElement("span");
      note.className = "options__note";
      note.textContent = option.note;
      element.append(" ", note);
    }
    // The text keeps the focus.
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", () => this.choose(option));
    return element;
  }

  point(index) {
    this.pointed = (index + this.options.length) % this.options.length;
    [...this.list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === this.pointed)));
    const element = this.list.children[this.pointed];
    element.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", element.id);
  }

  onKey(event) {
    if (event.key === "Escape" && this.list.hidden) this.close();
    if (this.list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") this.point(this.pointed + 1);
    else if (event.key === "ArrowUp") this.point(this.pointed < 0 ? -1 : this.pointed - 1);
    else if (event.key === "Escape") this.close();
    else if (this.pointed >= 0 && (event.key === "Enter" || (event.key === "Tab" && this.pointsAtFirst)))
      this.choose(this.options[this.pointed]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    this.close();
    this.take(option);
  }

  close() {
    this.list.hidden = true;
    this.pointed = -1;
    this.status.textContent = "";
    this.status.className = "visually-hidden";
    for (const name of ["aria-controls", "aria-activedescendant"]) this.field.removeAttribute(name);
    if (this.field.role === "combobox") this.field.setAttribute("aria-expanded", "false");
  }
}
