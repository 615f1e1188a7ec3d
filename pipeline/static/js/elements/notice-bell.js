/*
 * <notice-bell>: has its watch look now and then whether the number still holds, only while somebody can see it; and opens its list
 * once the newest have arrived there. Escape or a press elsewhere closes it, and the bell has the focus again.
 */
customElements.define("notice-bell", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[popover]");
    this.watcher = new MutationObserver(() => this.list.firstElementChild && this.open());
    this.watcher.observe(this.list, { childList: true });
    this.list.addEventListener("toggle", this);
    document.addEventListener("visibilitychange", this);
    this.later();
  }

  disconnectedCallback() {
    this.watcher.disconnect();
    document.removeEventListener("visibilitychange", this);
    clearTimeout(this.timer);
  }

  get bell() {
    return this.querySelector("a");
  }

  /* A quarter earlier or later, so that not all pages of a house ask at once. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Number(this.dataset.seconds) * (750 + Math.random() * 500));
  }

  look() {
    if (!document.hidden && navigator.onLine) this.querySelector("[hx-trigger]")?.dispatchEvent(new CustomEvent("look"));
    this.later();
  }

  handleEvent(event) {
    if (event.type === "visibilitychange") return document.hidden || this.look();
    const isOpen = event.newState === "open";
    this.bell.setAttribute("aria-expanded", isOpen);
    if (!isOpen) this.close();
  }

  open() {
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    if (!this.list.contains(document.activeElement)) this.list.querySelector("button, a").focus();
  }

  close() {
    const had = this.list.contains(document.activeElement) || document.activeElement === document.body;
    this.list.replaceChildren();
    if (had) this.bell.focus();
  }
});
