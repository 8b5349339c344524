/* <local-time><time datetime="…">2026/11/20 15:30 UTC</time></local-time>

   Says the moment in the zone of the reader's own clock. Only for pages of no shop: days and hours
   of a shop are those of the shop, wherever its people sit. */

class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    time.textContent = format.format(new Date(time.dateTime));
  }
}

customElements.define("local-time", LocalTime);
