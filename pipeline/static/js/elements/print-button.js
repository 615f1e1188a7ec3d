/* <print-button hidden> around a button: shows itself, and prints the page. Without scripts the browser's own menu does. */
customElements.define("print-button", class extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", () => print());
  }
});
