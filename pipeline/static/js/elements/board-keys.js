/*
 * <board-keys>: arrows or h j k l walk the cards; of the one in focus m moves it (then a digit chooses the stage), Shift with j
 * or k, or with an arrow, lays it one place lower or higher, and t plans a task. Tab still goes through all of them in the
 * order of the page. Letters do nothing while typing, with a modifier, or when the person switched single keys off; arrows then
 * go on.
 */
const STEPS = { ArrowDown: [0, 1], j: [0, 1], ArrowUp: [0, -1], k: [0, -1], ArrowRight: [1, 0], l: [1, 0], ArrowLeft: [-1, 0], h: [-1, 0] };
const PLACES = { ArrowDown: 1, J: 1, ArrowUp: -1, K: -1 };
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

customElements.define("board-keys", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (event.key.length === 1 && document.querySelector("key-shortcuts[data-keys=off]")) return;
    const dialog = document.querySelector("dialog[open]");
    const card = event.target.closest(".card");
    const by = event.shiftKey && card && PLACES[event.key];
    const does = dialog ? this.choose(dialog, event.key) : by ? this.place(card, by) : this.act(event.key, card);
    if (does) event.preventDefault();
  }

  choose(dialog, key) {
    const button = /^[1-9]$/.test(key) ? dialog.querySelectorAll(".move-stage")[key - 1] : null;
    return this.press(button?.disabled ? null : button);
  }

  place(card, by) {
    document.querySelector("move-sender").step(card, by);
    return true;
  }

  act(key, card) {
    if (STEPS[key]) return (card || !key.startsWith("Arrow")) && this.walk(card, ...STEPS[key]);
    if (!card) return false;
    if (key === "m") return this.press(card.querySelector(".card-move"));
    return key === "t" && this.plan(card);
  }

  press(button) {
    button?.click();
    return Boolean(button);
  }

  plan(card) {
    const button = this.querySelector("button");
    button.setAttribute("hx-get", `${card.querySelector("a").pathname}/tasks/new`);
    return this.press(button);
  }

  /* From card to card; sideways to the nearest height of the next column that has any. */
  walk(card, sideways, down) {
    const columns = [...document.querySelectorAll(".column")].filter((column) => column.querySelector(".card"));
    const here = columns.indexOf(card?.closest(".column"));
    const cards = [...(columns[Math.max(0, here + sideways)] ?? columns.at(-1))?.querySelectorAll(".card") ?? []];
    const next = !card || sideways ? this.nearest(cards, card) : cards[cards.indexOf(card) + down];
    next?.querySelector("a").focus();
    return true;
  }

  nearest(cards, card) {
    if (!card) return cards[0];
    const top = card.getBoundingClientRect().top;
    const far = (other) => Math.abs(other.getBoundingClientRect().top - top);
    return cards.reduce((best, other) => (far(other) < far(best) ? other : best));
  }
});
