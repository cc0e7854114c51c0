"""On the main pages, whatever is pressed is 44 px high and wide, links within a sentence excepted (WCAG 2.5.8)."""

from __future__ import annotations

from playwright.sync_api import Page

MAIN_PAGES = {
    "accounts:agencies",
    "accounts:my_account",
    "accounts:people",
    "audit:trail",
    "evidence:detail",
    "evidence:list",
    "imports:openings",
    "overview:overview",
    "overview:weaknesses",
    "recommendations:assignments",
    "recommendations:assignment",
    "recommendations:comments",
    "recommendations:contacts",
    "recommendations:item",
    "recommendations:items",
    "recommendations:my_work",
    "recommendations:our_agency",
    "recommendations:queue",
    "recommendations:review",
    "recommendations:update",
    "recommendations:update_edit",
    "reminders:mine",
    "reminders:preferences",
    "reports:choose",
    "reports:tables",
    "search:search",
}

#: What is smaller than 44 px by 44 px where it can be pressed: the element with its size.
SMALL = """() => {
  const LEAST = 43.5;
  const words = (element) => (element.getAttribute("aria-label") || element.textContent || element.name || "").trim();
  // Within a sentence (WCAG 2.5.8): other words stand in the block in which the link stands in line.
  const isInSentence = (element) => {
    if (!element.matches("a") || getComputedStyle(element).display !== "inline") return false;
    let block = element.parentElement;
    while (["inline", "contents"].includes(getComputedStyle(block).display)) block = block.parentElement;
    if (/flex|grid/.test(getComputedStyle(block).display)) return false;
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const isOther = !text.parentElement.closest("a, button, .visually-hidden, svg");
      if (isOther && text.data.trim().length > 1) return true;
    }
    return false;
  };
  const isLarge = (box) => box.width >= LEAST && box.height >= LEAST;
  const found = [];
  const pressed = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  for (const element of document.querySelectorAll(pressed)) {
    if (!element.checkVisibility({ visibilityProperty: true }) || isInSentence(element)) continue;
    if (element.closest(".visually-hidden, .skip, thead") || element.tabIndex < 0) continue;
    if ([...(element.labels ?? [])].some((label) => isLarge(label.getBoundingClientRect()))) continue;
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    const leadsHere = (x, y) => element.contains(document.elementFromPoint(x, y));
    const reach = (x, y) => {
      let length = 0;
      for (const side of [1, -1]) {
        let step = 0;
        while (step < 44 && leadsHere(middle.x + x * side * (step + 0.5), middle.y + y * side * (step + 0.5))) step += 1;
        length += step;
      }
      return length;
    };
    const [width, height] = [reach(1, 0), reach(0, 1)];
    if (width < 43 || height < 43) found.push(`${words(element).replace(/\\s+/g, " ").slice(0, 40)}: ${width} x ${height}`);
  }
  return found;
}"""


def small_targets(page: Page) -> list[str]:
    """Return the words of what is too small under a finger, with its size in CSS pixels."""
    found: list[str] = page.evaluate(SMALL)
    return found
