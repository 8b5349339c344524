/* <keyboard-list>{% include "_keys.html" %} … elements with data-item … </keyboard-list>

   j and k go to the next item and the one before (arrows too, once inside the list), Enter opens
   what has the focus, and a letter presses the button or link of the present item that carries it
   as data-key. ? shows the keys. Never while somebody types, never with Ctrl or Alt, and only while
   the keys are not switched off on this machine (WCAG 2.1.4). */

const SWITCH = "horetsu.keys";
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

class KeyboardList extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    const { signal } = this.#stop;
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.querySelector("[data-keys-open]")?.addEventListener("click", () => this.#explain(), { signal });
    const on = this.querySelector("[data-keys-on]");
    if (!on) return;
    on.checked = this.#isOn;
    on.addEventListener("change", () => keep(on.checked ? "on" : "off"), { signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  get #isOn() {
    return kept() !== "off";
  }

  get #items() {
    return [...this.querySelectorAll("[data-item]")].filter((item) => item.checkVisibility());
  }

  get #present() {
    return this.#items.find((item) => item.contains(document.activeElement));
  }

  #press(event) {
    const { key, target } = event;
    const isMeant = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented);
    if (!isMeant || !this.#isOn || target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    if (key.startsWith("Arrow") && !this.#present) return; // there they scroll the page
    const did = key === "?" ? this.#explain() : key in STEPS ? this.#step(STEPS[key]) : this.#act(key);
    if (did) event.preventDefault();
  }

  #step(by) {
    const items = this.#items;
    const at = items.indexOf(this.#present);
    const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by];
    next?.querySelector("summary, a[href], button")?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return items.length > 0;
  }

  #act(key) {
    if (key.length !== 1) return false;
    const item = this.#present ?? this.querySelector("[data-item][open]");
    const found = item?.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    if (!found?.checkVisibility() || found.disabled) return false;
    found.matches(TYPING) ? found.focus() : found.click();
    return true;
  }

  #explain() {
    const sheet = this.querySelector("dialog");
    if (!sheet) return false;
    const keys = sheet.querySelector(".keys");
    keys.querySelectorAll("[data-added]").forEach((line) => line.remove());
    const named = new Map();
    for (const one of this.querySelectorAll("[data-key]")) {
      named.set(one.dataset.key, one.dataset.keyWords ?? one.textContent.trim());
    }
    for (const [key, words] of named) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      keys.append(line("dt", cap), line("dd", words));
    }
    sheet.showModal();
    return true;
  }
}

function line(name, content) {
  const element = document.createElement(name);
  element.dataset.added = "";
  element.append(content);
  return element;
}

// Where a browser keeps nothing for us, the choice holds as long as the page.
let choice = null;

function kept() {
  try {
    return localStorage.getItem(SWITCH) ?? choice;
  } catch {
    return choice;
  }
}

function keep(value) {
  choice = value;
  try {
    localStorage.setItem(SWITCH, value);
  } catch {
    return;
  }
}

customElements.define("keyboard-list", KeyboardList);
