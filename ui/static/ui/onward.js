// The pages after the provider and after a proof: a form for a file goes on by itself, once; an act is named.
export function startOnward() {
  for (const form of document.querySelectorAll("form[data-onward]")) form.submit();
  for (const line of document.querySelectorAll("[data-named-by]")) void nameBy(line);
}

// The page at the act's own address says what it does, and to whom; where there is none, nothing is said.
async function nameBy(line) {
  const answer = await fetch(line.dataset.namedBy, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const crumbs = [...page.querySelectorAll("ol.crumbs > li")].map((crumb) => crumb.textContent.trim());
  line.textContent = crumbs.join(" › ");
  line.hidden = !crumbs.length;
}
