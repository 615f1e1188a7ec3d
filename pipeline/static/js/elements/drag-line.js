/*
 * <drag-line>: when a card is picked up, what would follow from its move is asked for; while it is dragged, the line for the stage
 * it is over is shown under it.
 */
const KINDS = ["dragstart", "dragover", "dragend"];

customElements.define("drag-line", class extends HTMLElement {
  connectedCallback() {
    for (const kind of KINDS) document.addEventListener(kind, this);
  }

  disconnectedCallback() {
    for (const kind of KINDS) document.removeEventListener(kind, this);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  dragstart({ target }) {
    this.card = target.closest?.(".card");
    if (!this.card) return;
    const lines = this.firstElementChild;
    lines.replaceChildren();
    lines.setAttribute("hx-get", `${this.card.dataset.moves}/foreseen`);
    lines.dispatchEvent(new Event("foresee"));
  }

  dragover({ target }) {
    if (!this.card) return;
    this.show(target.closest("[data-stage]")?.dataset.stage);
    const { left, bottom, width } = this.card.getBoundingClientRect();
    for (const [name, value] of Object.entries({ left, bottom, width })) this.style.setProperty(`--${name}`, `${value}px`);
  }

  dragend() {
    this.card = null;
    this.show(null);
  }

  show(stage) {
    for (const line of this.querySelectorAll("[data-for]")) line.hidden = line.dataset.for !== stage;
  }
});
