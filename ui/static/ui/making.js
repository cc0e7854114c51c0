// The page of a summary that is being made: asks how far it is, and shows the whole page anew when it is settled.
// Asking also tells the server that somebody looks, so that no bell rings for them.

const EVERY_MS = 2000;

function follow(card) {
  const part = (name) => card.querySelector(`[data-${name}]`);
  const headers = {
    Accept: "application/json",
    "X-CSRFToken": card.querySelector("[name=csrfmiddlewaretoken]").value,
  };
  const isGoing = "going" in card.dataset;

  async function look() {
    const response = await fetch(card.dataset.making, { method: "POST", headers });
    if (response.redirected) return location.reload();
    if (!response.ok) throw new Error(response.statusText);
    return show(await response.json());
  }

  function show(answer) {
    if (!isGoing) return;
    if (answer.is_settled) return location.reload();
    if (answer.percent === null) part("bar").removeAttribute("value");
    else part("bar").value = answer.percent;
    if (part("words").textContent !== answer.text) part("words").textContent = answer.text;
    part("lost").hidden = true;
  }

  async function again() {
    try {
      await look();
    } catch {
      if (isGoing) part("lost").hidden = false;
    }
    if (isGoing) setTimeout(again, EVERY_MS);
  }

  if (isGoing) part("look").hidden = true;
  again();
}

export function startMaking() {
  for (const card of document.querySelectorAll("[data-making]")) follow(card);
}
