// The pages after the provider and after a proof for a file: their form goes on by itself, once.
export function startOnward() {
  for (const form of document.querySelectorAll("form[data-onward]")) form.submit();
}
