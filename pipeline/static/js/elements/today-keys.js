/*
 * <today-keys>: walk the lines of the day with j and k or the arrows, and act on the one that has the focus: each thing in it
 * that bears the key in data-act is clicked by it, and space does what c does. After a swap the focus is on the line in its place.
 */
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

customElements.define("today-keys", class extends HTMLElement {
  connectedCallback() {
    this.place = 0;
    this.addEventListener("focusin", (event) => this.remember(event.target));
    document.addEventListener("keydown", this);
    document.addEventListener("modal:closed", this);
    this.watcher = new MutationObserver(() => this.goOn());
    this.watcher.observe(this, { childList: true, subtree: true });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("modal:closed", this);
    this.watcher.disconnect();
  }

  get lines() {
    return [...this.querySelectorAll("[data-entry], .more-entries")];
  }

  handleEvent(event) {
    if (event.type === "modal:closed") this.goOn();
    else if (!this.isForOthers(event) && this.act(event.key, event.target)) event.preventDefault();
  }

  isForOthers(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
    return event.target.closest("input, textarea, select, [contenteditable], dialog, .menu, side-panel") || document.querySelector("dialog[open], key-shortcuts[data-keys=off]");
  }

  act(key, target) {
    const line = target.closest("[data-entry], .more-entries");
    if (STEPS[key]) return this.walk(line, STEPS[key]);
    if (!line || (key === " " && target.closest("button"))) return false;
    const button = line.querySelector(`[data-act="${CSS.escape(key === " " ? "c" : key)}"]`);
    button?.click();
    return Boolean(button);
  }

  walk(line, step) {
    if (!line && step < 0) return false;
    this.focusOn(line ? this.lines.indexOf(line) + step : this.place);
    return true;
  }

  focusOn(place) {
    const { lines } = this;
    const line = lines[Math.max(0, Math.min(place, lines.length - 1))];
    (line?.querySelector(".text[href]") ?? line?.querySelector("[data-more], [data-act]"))?.focus();
  }

  remember(target) {
    const line = target.closest("[data-entry], .more-entries");
    if (line) this.place = this.lines.indexOf(line);
  }

  /* Once the swap and the dialog are through with the focus, and nothing else has it. */
  goOn() {
    if (!this.querySelector("[data-entry]")) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const has = document.activeElement;
      if (!has || has === document.body || has.id === "main") this.focusOn(this.place);
    }));
  }
});
