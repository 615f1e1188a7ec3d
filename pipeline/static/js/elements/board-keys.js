/*
 * <board-keys>: walk the cards with the arrows or h j k l, and press m to move the one that has the focus; in its dialog a digit
 * chooses the stage. Not while typing, not with a modifier, and not when the person switched single keys off.
 */
const STEPS = { ArrowDown: [0, 1], j: [0, 1], ArrowUp: [0, -1], k: [0, -1], ArrowRight: [1, 0], l: [1, 0], ArrowLeft: [-1, 0], h: [-1, 0] };

customElements.define("board-keys", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select") || document.querySelector("key-shortcuts[data-keys=off]")) return;
    const dialog = document.querySelector("dialog[open]");
    const does = dialog ? this.choose(dialog, event.key) : this.act(event.key, event.target.closest(".card"));
    if (does) event.preventDefault();
  }

  choose(dialog, key) {
    const button = /^[1-9]$/.test(key) && dialog.querySelectorAll(".move-stage")[key - 1];
    if (!button || button.disabled) return false;
    button.click();
    return true;
  }

  act(key, card) {
    if (key === "m" && card) card.querySelector(".card-move").click();
    else if (!STEPS[key] || (!card && key.startsWith("Arrow"))) return false;
    else this.walk(card, ...STEPS[key]);
    return true;
  }

  /* From card to card; sideways to the nearest height of the next column that has any. */
  walk(card, sideways, down) {
    const columns = [...document.querySelectorAll(".column")].filter((column) => column.querySelector(".card"));
    const here = columns.indexOf(card?.closest(".column"));
    const cards = [...(columns[Math.max(0, here + sideways)] ?? columns.at(-1))?.querySelectorAll(".card") ?? []];
    const next = !card || sideways ? this.nearest(cards, card) : cards[cards.indexOf(card) + down];
    next?.querySelector("a").focus();
  }

  nearest(cards, card) {
    if (!card) return cards[0];
    const top = card.getBoundingClientRect().top;
    const far = (other) => Math.abs(other.getBoundingClientRect().top - top);
    return cards.reduce((best, other) => (far(other) < far(best) ? other : best));
  }
});
