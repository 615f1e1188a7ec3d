/* <edit-escape> in a record: Escape presses the Cancel of the edit that is open, that which one is in before any other. */
customElements.define("edit-escape", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const record = this.parentElement;
    if (event.target !== document.body && !event.target.contains(record) && !record.contains(event.target)) return;
    const cancel = event.target.closest("form")?.querySelector("[data-cancel]") ?? record.querySelector("[data-cancel]");
    if (!cancel) return;
    event.preventDefault();
    cancel.click();
  }
});
