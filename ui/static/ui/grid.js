// A table of marks is one stop of the tab key: arrow keys lead from link to link, Home and End to the first and the last of a
// row, with Ctrl of the table. Without scripts every link is a stop, and the table can be skipped.

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

// The link that a key leads to from a cell; undefined for a key that means nothing here.
function linkFor(event, table, cell) {
  if (event.altKey || event.metaKey || event.shiftKey) return undefined;
  if (event.key === "Home" || event.key === "End") {
    const links = (event.ctrlKey ? table : cell.parentElement).querySelectorAll("a");
    return links[event.key === "Home" ? 0 : links.length - 1];
  }
  return event.ctrlKey || !STEPS[event.key] ? undefined : nextLink(table, cell, STEPS[event.key]);
}

function startGrid(table) {
  const links = table.querySelectorAll("a");
  let stop = table.querySelector("tbody a") ?? links[0];
  for (const link of links) link.tabIndex = link === stop ? 0 : -1;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-describedby", table.dataset.grid);
  // What scrolls can be scrolled from within, and one stop need not be skipped.
  table.closest("[tabindex]")?.removeAttribute("tabindex");
  const skip = document.querySelector(".skip-table");
  if (skip) skip.hidden = true;
  table.addEventListener("focusin", ({ target }) => {
    if (!target.matches("a")) return;
    stop.tabIndex = -1;
    stop = target;
    stop.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    const link = cell && linkFor(event, table, cell);
    if (link === undefined || !cell) return;
    event.preventDefault();
    link?.focus();
  });
}

export function startGrids() {
  for (const table of document.querySelectorAll("table[data-grid]")) if (table.querySelector("a")) startGrid(table);
}
