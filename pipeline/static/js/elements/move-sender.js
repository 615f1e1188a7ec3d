/*
 * <move-sender> around the plain form of a move: fills it in for a card that was dropped, or laid elsewhere by a key, and
 * sends it. Whoever drops cards faster than they are answered has them sent one after the other. The server answers with the
 * truth; where no answer comes, the card goes back to where it was, and that is said.
 */
customElements.define("move-sender", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.drops = new WeakMap();
    for (const kind of ["config:request", "finally:request"]) this.addEventListener(`htmx:${kind}`, this);
  }

  /* To a stage, below the card `after`; or to a status, which may move it by itself. */
  send(card, home, { stage = "", status = "", after = "" }) {
    const fields = this.form.elements;
    [fields.stage_id.value, fields.status.value, fields.after_id.value] = [stage, status, after];
    fields.version.value = card.dataset.version;
    const address = status ? card.dataset.moves.replace(/moves$/, "status") : card.dataset.moves;
    this.form.action = address;
    this.form.setAttribute("hx-post", address);
    this.dropped = { card, home };
    card.setAttribute("aria-busy", "true");
    this.form.requestSubmit();
  }

  /* One place up (-1) or down (1) in its column; beyond what is shown there is none. */
  step(card, by) {
    const column = card.parentElement;
    const shown = [...column.querySelectorAll(".card")];
    const at = shown.indexOf(card) + by;
    const board = this.closest("deal-board");
    if (!shown[at] || card.matches("[aria-busy]")) return;
    if (board.dataset.sorted) return board.sayItIsSorted();
    const home = { column, next: card.nextElementSibling };
    column.insertBefore(card, by > 0 ? shown[at].nextElementSibling : shown[at]);
    card.querySelector("a").focus();
    const above = shown[by > 0 ? at : at - 1]?.dataset.id ?? 0;
    this.send(card, home, { stage: card.closest("[data-stage]").dataset.stage, after: above });
    const words = `${by > 0 ? "Below" : "Above"} ${shown[at].getAttribute("aria-label")}`;
    document.dispatchEvent(new CustomEvent("announce", { detail: words }));
  }

  handleEvent({ type, detail: { ctx } }) {
    if (type === "htmx:config:request") this.drops.set(ctx, this.dropped);
    else this.settle(this.drops.get(ctx));
  }

  settle({ card, home }) {
    if (!card.isConnected) return;
    this.putBack(card, home);
    const words = `${card.getAttribute("aria-label")} was not moved; it is back where it was.`;
    document.dispatchEvent(new CustomEvent("announce", { detail: words }));
  }

  putBack(card, home) {
    card.removeAttribute("aria-busy");
    home.column.insertBefore(card, home.next?.parentElement === home.column ? home.next : null);
  }
});
