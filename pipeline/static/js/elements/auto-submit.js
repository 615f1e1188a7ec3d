/* <auto-submit> around a form of filters: a change sends it, and its button is for those without JavaScript. */
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[type=submit]");
    if (button) button.hidden = true;
    this.addEventListener("change", (event) => event.target.form?.requestSubmit());
  }
});
