/*
 * <pick-page> around a box in the head of a table: it ticks the boxes of all lines (.pick) or of none, and shows whether all are
 * ticked, or some.
 */
customElements.define("pick-page", class extends HTMLElement {
  connectedCallback() {
    this.head = this.querySelector("input");
    this.addEventListener("change", () => this.tickAll(this.head.checked));
    document.addEventListener("picked", this);
    this.handleEvent();
  }

  disconnectedCallback() {
    document.removeEventListener("picked", this);
  }

  get boxes() {
    return [...this.closest("table").querySelectorAll(".pick[name=ids]")];
  }

  tickAll(on) {
    for (const box of this.boxes) if (box.checked !== on) box.click();
  }

  handleEvent() {
    const { boxes, head } = this;
    head.checked = boxes.every((box) => box.checked);
    head.indeterminate = !head.checked && boxes.some((box) => box.checked);
  }
});
