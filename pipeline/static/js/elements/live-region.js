/* The one polite voice of a page, outside everything that is swapped: say things with an `announce` event on the document. */
customElements.define("live-region", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("announce", this);
  }

  disconnectedCallback() {
    document.removeEventListener("announce", this);
  }

  handleEvent(event) {
    this.textContent = "";
    requestAnimationFrame(() => { this.textContent = event.detail; });
  }
});
