/* <stage-tabs>: on a phone, marks the tab of the column that is in view, keeps it in sight, and a tap slides to its column. */
customElements.define("stage-tabs", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    document.addEventListener("htmx:after:swap", this);
    this.observer = new IntersectionObserver((entries) => this.note(entries), { threshold: 0.6 });
    this.watch();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent(event) {
    if (event.type !== "click") return this.watch();
    const tab = event.target.closest("a");
    const column = tab && document.getElementById(tab.hash.slice(1));
    if (!column) return;
    event.preventDefault();
    column.scrollIntoView({ inline: "start", block: "nearest" });
  }

  /* Columns may have been swapped since. */
  watch() {
    for (const column of document.querySelectorAll(".column")) this.observer.observe(column);
    this.mark();
  }

  note(entries) {
    for (const { target, isIntersecting } of entries) if (isIntersecting) this.shown = target.id;
    this.mark();
  }

  mark() {
    for (const tab of this.querySelectorAll("a")) {
      const isShown = tab.hash === `#${this.shown}`;
      if (isShown === (tab.getAttribute("aria-current") === "true")) continue;
      if (isShown) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
      if (isShown) this.scrollTo({ left: tab.offsetLeft - 16 });
    }
  }
});
