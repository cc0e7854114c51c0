// Which groups of a list are unfolded stands in the address, so that reloading, going back and a kept address show the same;
// the filters of the list send it along.

export function startFolds() {
  const folds = [...document.querySelectorAll("details[data-fold]")];
  const keep = () => {
    const address = new URL(location.href);
    const open = folds.filter((fold) => fold.open).map((fold) => fold.dataset.fold);
    const unfolded = open.join(",") || "none";
    address.searchParams.set("open", unfolded);
    for (const sent of document.querySelectorAll('form[method="get"] input[name="open"]')) sent.value = unfolded;
    history.replaceState(history.state, "", address);
  };
  // The summary is pressed before its group opens.
  for (const fold of folds) fold.querySelector("summary").addEventListener("click", () => setTimeout(keep));
}
