// The page on which people come back from the provider: its form goes on by itself, once.
export function startOnward() {
  for (const form of document.querySelectorAll("form[data-onward]")) form.submit();
}
