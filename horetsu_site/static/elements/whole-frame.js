/* <whole-frame><iframe …></iframe></whole-frame>

   Makes a frame as high as the page within, at every width. That page must be of this site and
   must run no script (its sandbox allows none); without this element it scrolls in its frame. */

class WholeFrame extends HTMLElement {
  #width = new ResizeObserver(() => this.#fit());

  connectedCallback() {
    this.querySelector("iframe").addEventListener("load", () => this.#fit());
    this.#width.observe(this);
    this.#fit();
  }

  disconnectedCallback() {
    this.#width.disconnect();
  }

  #fit() {
    const frame = this.querySelector("iframe");
    const page = frame.contentDocument?.documentElement;
    // Measured from the bottom: a page is never lower than the frame it stands in.
    const height = page ? Math.ceil(page.getBoundingClientRect().height) : 0;
    if (height > 0) frame.height = height;
  }
}

customElements.define("whole-frame", WholeFrame);
