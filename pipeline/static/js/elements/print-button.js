/* <print-button> around a button: prints the page. Without scripts the browser's own menu does. */
customElements.define("print-button", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => print());
  }
});
