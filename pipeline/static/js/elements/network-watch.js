/* When no answer comes, say so: shows the toast that the page keeps ready in a template. */
customElements.define("network-watch", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:error", this);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:error", this);
  }

  handleEvent() {
    const ready = this.querySelector("template").content.cloneNode(true);
    document.getElementById("toasts").replaceChildren(ready);
  }
});
