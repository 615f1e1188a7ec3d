/*
 * Single-key shortcuts: pressing the key in some element's data-key focuses it (a field) or clicks it, the last of several. Not while typing, not
 * with a dialog open, not with a modifier, and not at all when the person switched them off (data-keys="off" here).
 */
customElements.define("key-shortcuts", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (this.dataset.keys === "off" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    const named = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].at(-1);
    if (!named) return;
    event.preventDefault();
    if (named.matches("input, textarea, select")) named.focus();
    else named.click();
  }
});
