/* <file-limit most="20971520" words="Too large.">…<input type="file">…</file-limit>

   Says at once that a file is too large, before it is sent for nothing. The server says so too. */

class FileLimit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#look());
  }

  #look() {
    const input = this.querySelector("input[type=file]");
    const isTooLarge = [...input.files].some((file) => file.size > Number(this.getAttribute("most")));
    input.setCustomValidity(isTooLarge ? this.getAttribute("words") : "");
    if (isTooLarge) input.reportValidity();
  }
}

customElements.define("file-limit", FileLimit);
