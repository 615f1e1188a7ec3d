/* <cell-form> around a form that stands in the place of what it changes, in a cell or a line: Escape presses its Cancel. */
customElements.define("cell-form", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.querySelector("[data-cancel]").click();
    });
  }
});
