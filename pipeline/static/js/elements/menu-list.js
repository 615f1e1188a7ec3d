/* Closes its <details> menu on Escape, on a choice, or when attention goes elsewhere; arrows walk its items. */
customElements.define("menu-list", class extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.addEventListener("keydown", (event) => this.walk(event));
    this.addEventListener("focusout", (event) => event.relatedTarget && !this.contains(event.relatedTarget) && this.close());
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.close());
    this.elsewhere = (event) => !this.contains(event.target) && this.close();
    document.addEventListener("pointerdown", this.elsewhere);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.elsewhere);
  }

  close() {
    this.details.open = false;
  }

  walk(event) {
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation();
      this.close();
      this.details.querySelector("summary").focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.details.open) return;
    event.preventDefault();
    const items = [...this.querySelectorAll(".menu-items :is(a, button, input)")];
    items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
  }
});
