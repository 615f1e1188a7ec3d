/*
 * When no answer comes to what somebody asked, say so once: shows the toast that the page keeps ready in a template, until it is
 * dismissed or an answer comes. What a page asks by itself it asks again by itself, without a word.
 */
const KINDS = ["htmx:error", "htmx:after:request"];
const BY_ITSELF = "board-watch, notice-bell, drag-line";

customElements.define("network-watch", class extends HTMLElement {
  connectedCallback() {
    for (const kind of KINDS) document.addEventListener(kind, this);
  }

  disconnectedCallback() {
    for (const kind of KINDS) document.removeEventListener(kind, this);
  }

  handleEvent({ type, target }) {
    if (target.closest?.(BY_ITSELF)) return;
    if (type === "htmx:error") this.say();
    else this.note?.remove();
  }

  say() {
    if (this.note?.isConnected) return;
    const toasts = document.getElementById("toasts");
    toasts.append(this.querySelector("template").content.cloneNode(true));
    this.note = toasts.lastElementChild;
  }
});
