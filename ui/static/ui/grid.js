// Arrow keys lead from link to link within a table of marks; tab keeps its usual order.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function columnOf(cell) {
  let column = 0;
  for (let before = cell.previousElementSibling; before; before = before.previousElementSibling) column += before.colSpan;
  return column;
}

function cellAt(row, column) {
  let at = 0;
  for (const cell of row.cells) {
    if (column < at + cell.colSpan) return cell;
    at += cell.colSpan;
  }
  return null;
}

// The next link in a direction; places without one are passed over.
function nextLink(table, cell, [down, right]) {
  const rows = [...table.rows];
  let row = rows.indexOf(cell.parentElement);
  let column = columnOf(cell);
  while (true) {
    row += down;
    column += right;
    const place = column >= 0 && rows[row] ? cellAt(rows[row], column) : null;
    if (!place) return null;
    const link = place.querySelector("a");
    if (link) return link;
  }
}

export function startGrids() {
  for (const table of document.querySelectorAll("table[data-arrows]")) {
    table.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const cell = event.target.closest("td, th");
      if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      nextLink(table, cell, step)?.focus();
    });
  }
}
