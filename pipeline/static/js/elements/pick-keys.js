/* <pick-keys> beside a form with boxes (.pick): x ticks the focused card or line, Escape lets go of all. Not while typing or in a dialog. */
customElements.define("pick-keys", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !event.target.closest("details[open], search-box")) this.letGo();
    if (event.key !== "x" || event.target.matches("input:not(.pick), textarea, select")) return;
    const box = event.target.closest("article, tr")?.querySelector(".pick[name=ids]");
    if (!box || document.querySelector("key-shortcuts[data-keys=off]")) return;
    event.preventDefault();
    box.click();
  }

  letGo() {
    if (document.querySelector(".pick:checked")) document.getElementById("selection").reset();
    const switched = document.getElementById("selecting");
    if (switched) switched.checked = false;
  }
});
