/*
 * <gentle-swap> around what is watched: of what comes by itself, nothing older than what is shown is let in, and the card that
 * the keyboard is on stays as it is until it is left. What others changed is marked for a moment.
 */
customElements.define("gentle-swap", class extends HTMLElement {
  connectedCallback() {
    for (const kind of ["blend", "blended", "focusout"]) this.addEventListener(kind, this, true);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  cards(root) {
    return [...root.querySelectorAll(".card")];
  }

  version(card) {
    return Number(card.dataset.version);
  }

  blend(event) {
    const coming = event.detail.flatMap(({ fragment }) => this.cards(fragment));
    const older = coming.some((card) => this.version(card) < this.version(document.getElementById(card.id) ?? card));
    if (older) return event.preventDefault();
    this.known = new Map(this.cards(this).map((card) => [card.id, this.version(card)]));
    this.focused = document.activeElement;
    this.held = this.focused.matches(":focus-visible") ? this.focused.closest(".card") : null;
    if (this.held) for (const { fragment, target } of event.detail) this.keep(this.held, fragment, target);
  }

  /* In what comes for its own column the held card is as it was; in another column it does not come yet. */
  keep(held, fragment, target) {
    const copy = fragment.getElementById(held.id);
    if (!target?.contains(held)) return copy && this.postpone(copy);
    if (!copy) this.placeLikeHere(held, fragment);
    else if (this.version(copy) !== this.version(held)) {
      this.postpone(copy, held.cloneNode(true));
    }
  }

  placeLikeHere(held, fragment) {
    const cards = fragment.getElementById(held.parentElement.id);
    const [above, below] = [held.previousElementSibling, held.nextElementSibling];
    const [before, after] = [below, above].map((other) => other?.id && fragment.getElementById(other.id));
    if (!cards) return;
    if (before) before.before(held.cloneNode(true));
    else (after || cards.firstElementChild).after(held.cloneNode(true));
    this.unstamp(cards);
  }

  postpone(copy, instead) {
    this.unstamp(copy);
    if (instead) copy.replaceWith(instead);
    else copy.remove();
  }

  /* A column without its stamp is asked for again. */
  unstamp(within) {
    within.closest(".column").querySelector("[data-stamp]").dataset.stamp = "";
    this.isWaiting = true;
  }

  blended() {
    if (this.focused?.isConnected && document.activeElement === document.body) this.focused.focus({ preventScroll: true });
    for (const card of this.cards(this)) if (this.isNews(card)) this.mark(card);
  }

  /* A card that only moved up into what is shown is no news: it lies at the foot, above *Show more*. */
  isNews(card) {
    const known = this.known.get(card.id);
    return known ? this.version(card) > known : !card.nextElementSibling?.matches(".show-more");
  }

  mark(card) {
    card.classList.add("news");
    setTimeout(() => card.classList.remove("news"), 2500);
  }

  focusout({ relatedTarget }) {
    if (!this.isWaiting || this.held?.contains(relatedTarget)) return;
    this.isWaiting = false;
    this.querySelector("board-watch").later(0.2);
  }
});
