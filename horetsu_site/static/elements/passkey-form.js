// <passkey-form data-options="id of a json_script" | data-options-at="address" [data-makes]>
//
// Holds a form with a hidden `credential` and one button that is no submit button. Pressing it
// asks the device; what the device says is put into the form, which is then sent. Without
// JavaScript the element stays hidden, and the page offers another way.

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The options as the browser wants them: what the server wrote in base64url becomes bytes. */
function readOptions({ publicKey }) {
  const withBytes = (one) => ({ ...one, id: bytes(one.id) });
  const read = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (read.user) read.user = withBytes(read.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (read[list]) read[list] = read[list].map(withBytes);
  }
  return read;
}

/** The credential as the server wants it: bytes become base64url. */
function writeCredential(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: said,
  });
}

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return;
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => this.ask());
  }

  async ask() {
    this.say(null);
    try {
      const publicKey = readOptions(await this.options());
      if ("makes" in this.dataset) {
        publicKey.authenticatorSelection = {
          ...publicKey.authenticatorSelection,
          residentKey: "required", requireResidentKey: true, userVerification: "required",
        };
      }
      const credential = "makes" in this.dataset
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      const form = this.querySelector("form");
      form.elements.credential.value = writeCredential(credential);
      form.submit();
    } catch (error) {
      this.say(error.name === "NotAllowedError" ? "refused" : "broken");
    }
  }

  async options() {
    if (this.dataset.options) {
      return JSON.parse(document.getElementById(this.dataset.options).textContent);
    }
    const answer = await fetch(this.dataset.optionsAt, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  say(what) {
    for (const words of this.querySelectorAll("[data-when]")) {
      words.hidden = words.dataset.when !== what;
    }
  }
}

customElements.define("passkey-form", PasskeyForm);
