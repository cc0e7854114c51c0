// A form of numbers behaves like a spreadsheet: arrow keys and Enter lead from cell to cell, and a block that was copied
// from one fills the cells to the right and below. Without scripts the tab key leads through all of them.

class Sheet {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-sheet-status]");
    form.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("paste", (event) => this.pasted(event));
    form.addEventListener("formdata", (event) => this.pack(event.formData));
    form.addEventListener("jejak:saved", (event) => this.note(event.detail.notes ?? {}));
  }

  // All cells travel as one field: a server takes so many fields of a form at most, and a month may have more cells.
  pack(data) {
    const typed = {};
    for (const { name, value } of this.form.querySelectorAll("[data-cell]")) {
      if (value) typed[name] = value;
      data.delete(name);
    }
    data.append("cells", JSON.stringify(typed));
  }

  // Rows of all tables, one below the other; a place without a cell is null.
  get rows() {
    return [...this.form.querySelectorAll("table.sheet tbody tr")].map((row) =>
      [...row.querySelectorAll("td")].map((place) => place.querySelector("[data-cell]")),
    );
  }

  placeOf(cell) {
    const rows = this.rows;
    const row = rows.findIndex((cells) => cells.includes(cell));
    return { rows, row, column: row < 0 ? -1 : rows[row].indexOf(cell) };
  }

  // The next cell in a direction; places without one are passed over.
  next(cell, down, right) {
    const { rows, row, column } = this.placeOf(cell);
    for (let at = row + down, to = column + right; rows[at] && to >= 0; at += down, to += right) {
      if (rows[at][to]) return rows[at][to];
      if (right && to >= rows[at].length) return null;
    }
    return null;
  }

  pressed(event) {
    const cell = event.target;
    if (!cell.matches("[data-cell]") || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
    if (!event.shiftKey && atEdge(cell, event.key)) Object.assign(steps, { ArrowLeft: [0, -1], ArrowRight: [0, 1] });
    if (!steps[event.key] || (event.shiftKey && event.key !== "Enter")) return;
    event.preventDefault();
    const next = this.next(cell, ...steps[event.key]);
    next?.focus();
    next?.select();
  }

  pasted(event) {
    const cell = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell.matches("[data-cell]") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const { rows, row, column } = this.placeOf(cell);
    let filled = 0;
    let left = 0;
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    lines.forEach((line, down) => {
      line.split("\t").forEach((number, right) => {
        const target = rows[row + down]?.[column + right];
        if (target) {
          target.value = number.trim();
          filled += 1;
        } else if (number.trim()) {
          left += 1;
        }
      });
    });
    const words = left ? this.form.dataset.leftOver : this.form.dataset.filled;
    this.status.textContent = words.replace("{count}", filled).replace("{left}", left);
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What the server says about each cell that it has just saved.
  note(notes) {
    for (const cell of this.form.querySelectorAll("[data-cell]")) {
      const box = document.getElementById(`${cell.name}-notes`)?.querySelector("[data-cell-notes]");
      if (!box) continue;
      const said = notes[cell.name] ?? [];
      if ([...box.children].map((line) => line.textContent).join("\n") === said.join("\n")) continue;
      box.replaceChildren(
        ...said.map((words) => Object.assign(document.createElement("p"), { className: "sheet__note", textContent: words })),
      );
      if (!said.length) cell.removeAttribute("aria-invalid");
    }
  }
}

// Whether the caret can go no further in the direction of a key, or all is selected.
function atEdge(cell, key) {
  const { selectionStart: from, selectionEnd: to, value } = cell;
  if (from === 0 && to === value.length) return true;
  return from === to && (key === "ArrowLeft" ? from === 0 : to === value.length);
}

export function startSheets() {
  for (const form of document.querySelectorAll("form[data-sheet]")) new Sheet(form);
}
