/*
 * Where dialogs appear: a <dialog> swapped in here opens as a modal, and closing it empties the slot and gives the focus back.
 * Inside, anything with data-close closes it; a link so marked still leads back where there is no JavaScript.
 * The focus begins at what is to be mended, else where the dialog wants it, else at the first field, else at the first that can be
 * pressed and destroys nothing: never at the cross, where Enter would close what was just opened.
 */
const BEGINNINGS = [
  "[aria-invalid=true]",
  "[autofocus]",
  ":is(input:not([type=hidden]), select, textarea):enabled",
  ":is(a[href], button:enabled:not(.danger)):not([tabindex='-1'])",
];

customElements.define("modal-slot", class extends HTMLElement {
  connectedCallback() {
    this.watcher = new MutationObserver(() => (this.firstElementChild ? this.open() : this.giveFocusBack()));
    this.watcher.observe(this, { childList: true });
    this.addEventListener("click", this);
    this.addEventListener("close", () => this.replaceChildren(), true);
    this.open();
  }

  open() {
    const dialog = this.querySelector("dialog:not(:modal)");
    if (!dialog) return;
    if (!this.returnTo) [this.returnTo, this.byKey] = [document.activeElement, document.activeElement.matches(":focus-visible")];
    dialog.removeAttribute("open");
    dialog.showModal();
    this.begin(dialog.querySelector(".dialog-body"));
  }

  begin(body) {
    const seen = (selector) => [...body.querySelectorAll(selector)].find((each) => each.checkVisibility());
    const first = BEGINNINGS.map(seen).find(Boolean);
    if (first) first.focus();
  }

  handleEvent(event) {
    const dialog = event.target.closest("dialog");
    if (!dialog || !(event.target === dialog || event.target.closest("[data-close]"))) return;
    event.preventDefault();
    dialog.close();
  }

  /*
   * However the dialog went: to what had the focus; when that was swapped meanwhile, to what bears its id now; else to the page.
   * Only for who came by keyboard it is scrolled into sight: a card that was moved by mouse or finger leaves the board where it is.
   */
  giveFocusBack() {
    const { returnTo, byKey } = this;
    this.returnTo = null;
    this.dispatchEvent(new CustomEvent("modal:closed", { bubbles: true }));
    if (!returnTo || returnTo === document.body) return;
    requestAnimationFrame(() => {
      const there = returnTo.isConnected ? returnTo : returnTo.id && document.getElementById(returnTo.id);
      (there || document.getElementById("main")).focus({ preventScroll: !byKey });
    });
  }
});
