/*
 * <sort-rows> around rows marked data-row, each with a .handle and a form[data-place]: dragging by the handle moves the row,
 * and dropping it presses the form's own data-drop button with the new place. Up and down buttons do without any of this.
 */
customElements.define("sort-rows", class extends HTMLElement {
  connectedCallback() {
    for (const kind of ["dragstart", "dragenter", "dragover", "drop", "dragend"]) this.addEventListener(kind, this);
  }

  rows() {
    return [...this.querySelectorAll("[data-row]")].filter((row) => row.closest("sort-rows") === this);
  }

  handleEvent(event) {
    if (event.target.closest?.("sort-rows") === this) this[event.type](event);
  }

  dragstart(event) {
    this.row = event.target.closest("[data-row]");
    this.start = this.row.nextElementSibling;
    this.row.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(this.row, 16, 16);
  }

  /* Rows give way under the pointer: what is let go right after that is dropped too. */
  dragenter(event) {
    if (this.row) event.preventDefault();
  }

  dragover(event) {
    const over = event.target.closest("[data-row]");
    if (!this.row || !over) return;
    event.preventDefault();
    if (over === this.row) return;
    const { top, height } = over.getBoundingClientRect();
    this.lay(over.parentElement, event.clientY < top + height / 2 ? over : over.nextElementSibling);
  }

  /* Only where it does not lie yet: what is put back under the pointer again and again cannot be dropped there. */
  lay(rows, next) {
    if (next !== this.row && next !== this.row.nextElementSibling) rows.insertBefore(this.row, next);
  }

  drop(event) {
    event.preventDefault();
    const button = this.row.querySelector("[data-drop]");
    const place = String(this.rows().indexOf(this.row));
    this.dropped = place !== button.value;
    button.value = place;
    if (this.dropped) button.form.requestSubmit(button);
  }

  dragend() {
    this.row.classList.remove("dragged");
    if (!this.dropped) this.row.parentElement.insertBefore(this.row, this.start);
    this.row = this.dropped = null;
  }
});
