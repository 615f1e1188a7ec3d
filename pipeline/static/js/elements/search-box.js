/* <search-box>: arrows walk from the field through what was found below it, and Escape lets go of both. */
customElements.define("search-box", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.key === "Escape") document.activeElement.blur();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [this.querySelector("input"), ...this.querySelectorAll("#found a")];
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  }
});
