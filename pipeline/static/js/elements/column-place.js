/*
 * <column-place>: where the panel takes room from a board, the card it shows is brought into view, and once the panel is gone
 * the columns stand where they stood, unless somebody moved them meanwhile.
 */
customElements.define("column-place", class extends HTMLElement {
  connectedCallback() {
    const panel = document.getElementById("panel");
    new MutationObserver(() => (panel.hidden ? this.putBack() : this.makeSeen())).observe(panel, { attributeFilter: ["hidden"] });
  }

  get columns() {
    return document.querySelector(".columns");
  }

  makeSeen() {
    this.from = this.columns?.scrollLeft;
    document.querySelector(".card:has(a[aria-current])")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.to = this.columns?.scrollLeft;
  }

  putBack() {
    if (this.columns?.scrollLeft === this.to) this.columns?.scrollTo({ left: this.from });
  }
});
