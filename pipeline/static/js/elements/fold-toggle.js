/* <fold-toggle><button aria-controls="…" aria-expanded>: shows what is folded away on a small screen, and folds it again. */
customElements.define("fold-toggle", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  handleEvent() {
    const button = this.querySelector("button");
    const isOpen = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(isOpen));
    document.getElementById(button.getAttribute("aria-controls")).classList.toggle("unfolded", isOpen);
  }
});
