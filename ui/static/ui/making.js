// The page of a summary that is being made: asks how far it is, and shows the whole page anew when it is settled.
// When its file is taken, asks how that ended, and shows the page anew: a pack may break off after it has begun.
// Asking also tells the server that somebody looks, so that no bell rings for them.

const EVERY_MS = 2000;
// A small file is downloaded by then.
const SOON_MS = 400;
// So often is asked how a download ended: half an hour.
const MOST_TURNS = 900;

// Without what the address says of a download that begins by itself: it began once.
function anew() {
  history.replaceState(null, "", location.pathname);
  location.reload();
}

function follow(card) {
  const part = (name) => card.querySelector(`[data-${name}]`);
  const headers = {
    Accept: "application/json",
    "X-CSRFToken": card.querySelector("[name=csrfmiddlewaretoken]").value,
  };
  const isGoing = "going" in card.dataset;
  let turnsLeft = "takes" in card.dataset ? MOST_TURNS : 0;

  async function look() {
    const response = await fetch(card.dataset.making, { method: "POST", headers });
    if (response.redirected || response.status === 401) return anew();
    if (!response.ok) throw new Error(response.statusText);
    return show(await response.json());
  }

  function show(answer) {
    if (turnsLeft && answer.download && answer.download !== card.dataset.end) return anew();
    if (!isGoing) return;
    if (answer.is_settled) return anew();
    if (answer.percent === null) part("bar").removeAttribute("value");
    else part("bar").value = answer.percent;
    const heading = part("heading");
    if (answer.state === "making" && heading.textContent !== heading.dataset.heading)
      heading.textContent = heading.dataset.heading;
    if (part("words").textContent !== answer.text) part("words").textContent = answer.text;
    part("lost").hidden = true;
  }

  async function again() {
    try {
      await look();
    } catch {
      if (isGoing) part("lost").hidden = false;
    }
    if (turnsLeft) turnsLeft -= 1;
    if (isGoing || turnsLeft) setTimeout(again, EVERY_MS);
  }

  if (isGoing) part("look").hidden = true;
  card.querySelector("[data-download]")?.addEventListener("click", () => {
    part("status").textContent = part("status").dataset.status;
    if (!turnsLeft) setTimeout(again, SOON_MS);
    turnsLeft = MOST_TURNS;
  });
  // Whoever comes back to it sees what has been downloaded since, not what was shown when they left.
  addEventListener("pageshow", (event) => event.persisted && anew());
  again();
}

export function startMaking() {
  for (const card of document.querySelectorAll("[data-making]")) follow(card);
}
