// Passkeys: the library's scripts make and use them; here a button starts that, and people read why it failed.

export function startPasskeys() {
  const button = document.querySelector("[data-passkey]");
  const forms = globalThis.allauth?.webauthn?.forms;
  if (!button || !forms) return;
  const ids = { credential: button.form.elements.credential.id, data: "js_data" };
  if (button.dataset.passkey === "make") forms.addForm({ ids: { ...ids, add: button.id } });
  else forms.authenticateForm({ ids: { ...ids, authenticate: button.id } });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelector("[data-passkey-problem]").hidden = false;
  });
}
