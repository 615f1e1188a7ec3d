/*
 * <record-focus> in a record: the keyboard stays where it was, though what it was on is drawn anew or is there no more. Then takes
 * the focus what bears its id now, else the first thing to focus in the box that it stood in. A mouse or finger moves no focus.
 */
const HEARD = ["focusin", "pointerdown", "htmx:after:swap", "htmx:finally:request", "modal:closed"];
const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

customElements.define("record-focus", class extends HTMLElement {
  connectedCallback() {
    this.record = this.parentElement;
    for (const kind of HEARD) document.addEventListener(kind, this);
  }

  disconnectedCallback() {
    for (const kind of HEARD) document.removeEventListener(kind, this);
  }

  handleEvent(event) {
    if (event.type === "focusin") this.remember(event.target);
    else if (event.type === "pointerdown") this.held = null;
    else requestAnimationFrame(() => requestAnimationFrame(() => this.restore()));
  }

  remember(element) {
    if (this.record.contains(element) && element.matches(":focus-visible")) {
      this.held = { element, ids: [...this.idsAround(element)] };
    } else if (!this.isNowhere(element) && !element.closest("dialog")) this.held = null;
  }

  /* From the inside out: of the element itself, and of what it stands in. */
  * idsAround(element) {
    for (let around = element; around !== this.record; around = around.parentElement) if (around.id) yield around.id;
  }

  isNowhere(element) {
    return element === document.body || element.id === "main";
  }

  restore() {
    if (!this.held || !this.isConnected || !this.isNowhere(document.activeElement) || document.querySelector("dialog[open]")) return;
    const boxes = [this.held.element, ...this.held.ids.map((id) => this.record.querySelector(`#${CSS.escape(id)}`))];
    const there = boxes.map((box) => this.firstIn(box)).find(Boolean) ?? this.record.closest("#panel, #main");
    there.focus({ preventScroll: true });
  }

  firstIn(box) {
    const all = box ? [box, ...box.querySelectorAll("*")] : [];
    return all.find((element) => element.matches(FOCUSABLE) && !element.disabled && element.checkVisibility());
  }
});
