/*
 * <focus-keeper>: the card that the keyboard is on keeps the focus wherever a swap puts it; when it has left the board, its
 * neighbour takes it. What is done by mouse or finger moves no focus.
 */
const KINDS = ["focusin", "pointerdown", "htmx:after:swap", "modal:closed"];

customElements.define("focus-keeper", class extends HTMLElement {
  connectedCallback() {
    for (const kind of KINDS) document.addEventListener(kind, this);
  }

  disconnectedCallback() {
    for (const kind of KINDS) document.removeEventListener(kind, this);
  }

  handleEvent(event) {
    if (event.type === "focusin") this.remember(event.target);
    else if (event.type === "pointerdown") this.place = null;
    else requestAnimationFrame(() => requestAnimationFrame(() => this.restore()));
  }

  remember(element) {
    const card = element.closest(".card");
    if (card && element.matches(":focus-visible")) {
      const around = [card, card.nextElementSibling, card.previousElementSibling];
      this.place = { ids: around.map((other) => other?.id), part: element.matches(".card-move") ? ".card-move" : "a" };
    } else if (element.id !== "main" && !element.closest("dialog")) this.place = null;
  }

  restore() {
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement.id === "main";
    if (!this.place || !isLost || document.querySelector("dialog[open]")) return;
    const there = this.place.ids.map((id) => id && document.getElementById(id)).find((card) => card && card.matches(".card"));
    there?.querySelector(this.place.part).focus();
  }
});
