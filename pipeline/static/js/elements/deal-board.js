/*
 * <deal-board>: cards can be dragged by mouse or pen; touch scrolls and never drags. A drop fills in the plain form of a move
 * and sends it; the server answers with the true columns. Where no answer comes, the card goes back and that is said.
 */
customElements.define("deal-board", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("#moving");
    for (const kind of ["pointerdown", "dragstart", "dragover", "drop", "dragend", "htmx:finally:request"]) {
      this.addEventListener(kind, this);
    }
  }

  handleEvent(event) {
    this[event.type.replaceAll(":", "_")](event);
  }

  pointerdown(event) {
    const card = event.target.closest(".card");
    if (card) card.draggable = event.pointerType !== "touch";
  }

  dragstart(event) {
    this.card = event.target.closest(".card");
    if (!this.card) return;
    this.home = { column: this.card.parentElement, next: this.card.nextElementSibling };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.card.getAttribute("aria-label"));
    requestAnimationFrame(() => this.light(this.card.closest("[data-stage]")));
  }

  dragover(event) {
    const stage = this.card && event.target.closest("[data-stage]");
    if (!stage) return;
    event.preventDefault();
    this.light(stage);
    const cards = stage.querySelector(".cards");
    if (cards) cards.insertBefore(this.card, this.below(cards, event.clientY));
  }

  /* The first thing in the column that lies under the pointer, for the card to lie above. */
  below(cards, y) {
    return [...cards.children].find((other) => {
      const box = other.getBoundingClientRect();
      return other !== this.card && y < box.top + box.height / 2;
    }) ?? null;
  }

  drop(event) {
    const stage = this.card && event.target.closest("[data-stage]");
    if (!stage) return;
    event.preventDefault();
    const above = this.card.previousElementSibling;
    const stays = this.card.parentElement === this.home.column && this.card.nextElementSibling === this.home.next;
    if (stage.querySelector(".cards") && stays) return;
    this.send(stage.dataset.stage, stage.querySelector(".cards") ? above?.dataset.id ?? 0 : "");
  }

  send(stage, after) {
    const { stage_id, version, after_id } = this.form.elements;
    [stage_id.value, version.value, after_id.value] = [stage, this.card.dataset.version, after];
    this.form.action = this.card.dataset.moves;
    this.form.setAttribute("hx-post", this.card.dataset.moves);
    this.sent = { card: this.card, home: this.home };
    this.card.setAttribute("aria-busy", "true");
    this.form.requestSubmit();
  }

  dragend() {
    if (this.card && this.sent?.card !== this.card) this.putBack(this.card, this.home);
    this.card = null;
    this.light(null);
  }

  htmx_finally_request({ detail: { ctx } }) {
    if (ctx.sourceElement !== this.form || !this.sent) return;
    const { card, home } = this.sent;
    this.sent = null;
    if (!card.isConnected) return;
    this.putBack(card, home);
    const words = `${card.getAttribute("aria-label")} was not moved; it is back where it was.`;
    document.dispatchEvent(new CustomEvent("announce", { detail: words }));
  }

  putBack(card, home) {
    card.removeAttribute("aria-busy");
    home.column.insertBefore(card, home.next?.parentElement === home.column ? home.next : null);
  }

  light(stage) {
    this.classList.toggle("dragging", stage !== null);
    this.querySelectorAll(".dragged").forEach((card) => card.classList.remove("dragged"));
    if (stage) this.card.classList.add("dragged");
    for (const other of this.querySelectorAll("[data-stage]")) other.toggleAttribute("data-over", other === stage);
  }
});
