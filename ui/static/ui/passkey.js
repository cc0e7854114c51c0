// Passkeys: the library's script makes and uses them; here people read why one was not made or used.

export function startPasskeys() {
  const problem = document.querySelector("[data-passkey-problem]");
  if (!problem) return;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    problem.hidden = false;
  });
}
