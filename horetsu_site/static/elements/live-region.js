/* <live-region id="run" busy>…</live-region>

   While it has `busy` it asks for its own page every two seconds and takes over what stands
   there under the same id. Text marked data-say is read out politely: at most every ten seconds,
   and once more at the end. Without JavaScript the page offers a link instead. */

const PAUSE = 2000;
const LONGEST_PAUSE = 30000;
const BETWEEN_WORDS = 10000;

class LiveRegion extends HTMLElement {
  #timer = 0;
  #pause = PAUSE;
  #spoken = { text: "", at: 0 };
  #voice = null;

  connectedCallback() {
    this.#voice = document.createElement("span");
    this.#voice.className = "visually-hidden";
    this.#voice.setAttribute("role", "status");
    this.after(this.#voice);
    this.#goOn();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#voice.remove();
  }

  #goOn() {
    if (this.hasAttribute("busy")) this.#timer = setTimeout(() => this.#look(), this.#pause);
  }

  async #look() {
    // Nobody looks at a page in the background, and a phone's battery is its owner's.
    if (!document.hidden) {
      try {
        await this.#renew();
        this.#pause = PAUSE;
      } catch {
        // The server is away for a moment: what is shown stays true, so ask again, but less often.
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
      }
    }
    this.#goOn();
  }

  async #renew() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.status >= 500) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = this.id ? page.getElementById(this.id) : page.querySelector("live-region");
    if (!fresh) {
      // The page has become another one: a report, or the way to sign in again.
      this.removeAttribute("busy");
      location.assign(answer.url);
      return;
    }
    if (this.isConnected && this.innerHTML !== fresh.innerHTML) this.#take(fresh);
    this.toggleAttribute("busy", fresh.hasAttribute("busy"));
    this.#say();
  }

  #take(fresh) {
    const focused = this.contains(document.activeElement) ? document.activeElement.id : "";
    for (const fold of this.querySelectorAll("details[id][open]")) {
      fresh.querySelector(`details#${CSS.escape(fold.id)}`)?.setAttribute("open", "");
    }
    this.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  #say() {
    const text = this.querySelector("[data-say]")?.textContent.trim() ?? "";
    const isTime = Date.now() - this.#spoken.at > BETWEEN_WORDS || !this.hasAttribute("busy");
    if (!text || text === this.#spoken.text || !isTime) return;
    this.#voice.textContent = text;
    this.#spoken = { text, at: Date.now() };
  }
}

customElements.define("live-region", LiveRegion);
