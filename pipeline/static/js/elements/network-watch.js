/* When no answer comes, say so once: shows the toast that the page keeps ready in a template, until it is dismissed. */
customElements.define("network-watch", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:error", this);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:error", this);
  }

  handleEvent() {
    if (this.note?.isConnected) return;
    document.getElementById("toasts").replaceChildren(this.querySelector("template").content.cloneNode(true));
    this.note = document.getElementById("toasts").firstElementChild;
  }
});
