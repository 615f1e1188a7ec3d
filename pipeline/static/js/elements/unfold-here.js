/* <unfold-here>: opens the <details> that it comes into, and leads to the first field there. */
customElements.define("unfold-here", class extends HTMLElement {
  connectedCallback() {
    const fold = this.closest("details");
    fold.open = true;
    fold.querySelector("input:not([type=hidden])").focus();
  }
});
