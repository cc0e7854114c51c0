// Which groups of a list are unfolded stands in the address, so that reloading, going back and a kept address show the same.

export function startFolds() {
  const folds = [...document.querySelectorAll("details[data-fold]")];
  const keep = () => {
    const address = new URL(location.href);
    const open = folds.filter((fold) => fold.open).map((fold) => fold.dataset.fold);
    address.searchParams.set("open", open.join(",") || "none");
    history.replaceState(history.state, "", address);
  };
  // The summary is pressed before its group opens.
  for (const fold of folds) fold.querySelector("summary").addEventListener("click", () => setTimeout(keep));
}
