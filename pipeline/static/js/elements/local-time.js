/* <local-time><time datetime="…">: writes the moment in the zone of whoever looks, for pages where nobody is signed in. */
customElements.define("local-time", class extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const style = { dateStyle: "full", timeStyle: "short" };
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(time.dateTime));
  }
});
