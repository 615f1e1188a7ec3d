/*
 * <focus-keeper>: the card, the cell or the filter that the keyboard is on keeps the focus wherever a swap puts it, and on the
 * same page drawn anew; when a card or a row has left, its neighbour takes it. What is done by mouse or finger moves no focus.
 */
const KINDS = ["focusin", "pointerdown", "submit", "htmx:after:swap", "modal:closed"];
const KEPT = "focus";

customElements.define("focus-keeper", class extends HTMLElement {
  connectedCallback() {
    for (const kind of KINDS) document.addEventListener(kind, this);
    addEventListener("pagehide", this);
    this.takeUp();
  }

  disconnectedCallback() {
    for (const kind of KINDS) document.removeEventListener(kind, this);
    removeEventListener("pagehide", this);
  }

  handleEvent(event) {
    if (event.type === "focusin") this.remember(event.target);
    else if (event.type === "pointerdown") this.place = this.sentFrom = null;
    else if (event.type === "submit") this.sentFrom = this.place;
    else if (event.type === "pagehide") sessionStorage.setItem(KEPT, JSON.stringify(this.place ?? this.sentFrom ?? null));
    else requestAnimationFrame(() => requestAnimationFrame(() => this.restore()));
  }

  /* For one step only, within the board or within a list. */
  takeUp() {
    const place = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    const isSamePart = document.referrer.startsWith(location.origin + location.pathname.match(/^\/\w*/)[0]);
    if (!place || !isSamePart || document.querySelector("[autofocus]")) return;
    this.place = place;
    this.restore();
  }

  remember(element) {
    const place = this.placeOf(element);
    if (place && element.matches(":focus-visible")) this.place = place;
    else if (element.id !== "main" && !element.closest("dialog")) this.place = null;
  }

  placeOf(element) {
    const [card, line] = [element.closest(".card"), element.closest(".deals tbody tr")];
    if (card) return { ids: this.around(card), part: element.matches(".card-move") ? ".card-move" : "a" };
    if (line) return { ids: this.around(line), part: this.partOf(element) };
    return element.id && element.closest("auto-submit") && { ids: [element.id] };
  }

  around(one) {
    return [one, one.nextElementSibling, one.previousElementSibling].map((other) => other?.id);
  }

  /* The link of a cell stands for the form that it became. */
  partOf(element) {
    const [column] = element.closest("td, th").classList;
    return `.${column} ${element.matches(".pick, .cell-pen") ? `.${element.classList[0]}` : "a"}`;
  }

  restore() {
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement.id === "main";
    if (!this.place || !isLost || document.querySelector("dialog[open]")) return;
    const { ids, part } = this.place;
    const there = ids.map((id) => id && document.getElementById(id)).find((one) => one && one.matches(".card, tr, auto-submit [id]"));
    (part ? there?.querySelector(part) : there)?.focus();
  }
});
