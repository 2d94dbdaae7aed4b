// Passkeys and security keys: what the server asks goes to the browser, and its answer back in a
// form. All pages do without this file; what it makes possible is hidden without it.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked(options, form) {
    const asks = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (form.dataset.passkey === "get") {
      return { publicKey: { ...asks, allowCredentials: ids(asks.allowCredentials) } };
    }
    const alone = form.elements.passwordless.checked;
    asks.user = { ...asks.user, id: bytes(asks.user.id) };
    asks.excludeCredentials = ids(asks.excludeCredentials);
    asks.authenticatorSelection = {
      ...asks.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      userVerification: alone ? "required" : "preferred",
    };
    return { publicKey: asks };
  }

  function told(credential) {
    const response = {};
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    for (const part of parts) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function options(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
    if (!answer.ok) location.assign(form.dataset.optionsFrom); // as a page, it says why
    return (await answer.json()).request_options;
  }

  async function ask(form) {
    const wanted = asked(await options(form), form);
    const credential = form.dataset.passkey === "get"
      ? await navigator.credentials.get(wanted)
      : await navigator.credentials.create(wanted);
    form.elements.credential.value = told(credential);
    form.submit();
  }

  if (!window.PublicKeyCredential) return;
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      form.querySelectorAll("[role=alert]").forEach((note) => { note.hidden = true; });
      button.disabled = true;
      try {
        await ask(form);
      } catch (error) {
        const known = error.name === "InvalidStateError";
        form.querySelector(known ? "[data-known]" : "[data-failed]").hidden = false;
      } finally {
        button.disabled = false;
      }
    });
  }
})();
