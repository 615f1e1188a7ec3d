/*
 * <deal-board>: cards can be dragged by mouse or pen; touch scrolls and never drags. A drop is sent by the <move-sender> in
 * it, and until it is answered the card stays there. On a board that is sorted (data-sorted) a card has no place of its own: dropped in its own column, it goes back.
 */
const TARGETS = "[data-stage], [data-status]";

customElements.define("deal-board", class extends HTMLElement {
  connectedCallback() {
    this.sender = this.querySelector("move-sender");
    for (const kind of ["pointerdown", "dragstart", "dragenter", "dragover", "drop", "dragend"]) this.addEventListener(kind, this);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  pointerdown(event) {
    const card = event.target.closest(".card");
    if (card) card.draggable = event.pointerType !== "touch" && !card.matches("[aria-busy]");
  }

  dragstart(event) {
    this.card = event.target.closest(".card");
    if (!this.card) return;
    this.home = { column: this.card.parentElement, next: this.card.nextElementSibling };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.card.getAttribute("aria-label"));
    requestAnimationFrame(() => this.light(this.card.closest(TARGETS)));
  }

  /* Cards give way under the pointer: what is let go right after that is dropped too. */
  dragenter(event) {
    if (this.targetOf(event)) event.preventDefault();
  }

  targetOf(event) {
    return this.card && event.target.closest?.(TARGETS);
  }

  dragover(event) {
    const target = this.targetOf(event);
    if (!target) return;
    event.preventDefault();
    this.light(target);
    const cards = target.querySelector(".cards");
    if (cards) this.lay(cards, this.below(cards, event.clientY));
  }

  /* Only where it does not lie yet: what is put back under the pointer again and again cannot be dropped there. */
  lay(cards, next) {
    if (this.card.parentElement !== cards || this.card.nextElementSibling !== next) cards.insertBefore(this.card, next);
  }

  /* The first thing in the column that lies under the pointer, for the card to lie above. */
  below(cards, y) {
    return [...cards.children].find((other) => {
      const box = other.getBoundingClientRect();
      return other !== this.card && y < box.top + box.height / 2;
    }) ?? null;
  }

  drop(event) {
    const target = this.targetOf(event);
    if (!target) return;
    event.preventDefault();
    const cards = target.querySelector(".cards");
    if (cards && this.isWhereItWas()) return;
    if (cards && cards === this.home.column && this.dataset.sorted) this.sayItIsSorted();
    else this.send(target, cards);
  }

  isWhereItWas() {
    return this.card.parentElement === this.home.column && this.card.nextElementSibling === this.home.next;
  }

  send(target, cards) {
    const { stage, status } = target.dataset;
    const shown = [...(cards?.querySelectorAll(".card") ?? [])];
    const above = shown[shown.indexOf(this.card) - 1]?.dataset.id ?? 0;
    this.isSent = true;
    this.sender.send(this.card, this.home, { stage, status, after: cards && !this.dataset.sorted ? above : "" });
  }

  sayItIsSorted() {
    document.getElementById("toasts").append(this.querySelector("template.sorted").content.cloneNode(true));
  }

  dragend() {
    if (this.card && !this.isSent) this.sender.putBack(this.card, this.home);
    this.card = null;
    this.isSent = false;
    this.light(null);
  }

  light(target) {
    this.classList.toggle("dragging", target !== null);
    this.querySelectorAll(".dragged").forEach((card) => card.classList.remove("dragged"));
    if (target) this.card?.classList.add("dragged");
    for (const other of this.querySelectorAll(TARGETS)) other.toggleAttribute("data-over", other === target);
  }
});
