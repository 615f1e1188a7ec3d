/*
 * <search-box>: a combobox. What is found while one types is its list: arrows choose, Enter opens, Escape shuts the list and gives
 * the focus back to where it came from. Without a choice, Enter sends the form, to the page of all results.
 */
customElements.define("search-box", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", "found-list");
    for (const kind of ["keydown", "focusin", "focusout", "input", "click"]) this.addEventListener(kind, this);
    new MutationObserver(() => this.found()).observe(this, { childList: true });
    this.show(false);
  }

  handleEvent(event) {
    this[event.type](event);
  }

  get options() {
    return [...this.querySelectorAll("[role=option]")];
  }

  focusin(event) {
    if (event.target !== this.field) return;
    if (event.relatedTarget && !this.contains(event.relatedTarget)) this.origin = event.relatedTarget;
    this.show(true);
  }

  focusout(event) {
    if (!this.contains(event.relatedTarget)) this.show(false);
  }

  input() {
    this.show(true);
  }

  click(event) {
    if (event.target.closest("[role=option]")) this.show(false);
    else if (event.target === this.field) this.show(true);
  }

  keydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.walk(step);
    else if (event.key === "Enter" && this.chosen) this.chosen.click();
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
  }

  /* From the field down through the list and round again. */
  walk(step) {
    this.show(true);
    const stops = [null, ...this.options];
    this.choose(stops.at((stops.indexOf(this.chosen) + step) % stops.length));
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  leave() {
    this.show(false);
    if (this.origin?.isConnected) this.origin.focus();
    else this.field.blur();
  }

  show(isOpen) {
    this.toggleAttribute("open", isOpen);
    this.field.setAttribute("aria-expanded", String(isOpen && this.options.length > 0));
    if (!isOpen) this.choose(null);
  }

  /* What comes late does not take back a choice that it holds too. */
  found() {
    this.choose(this.options.find((option) => option.id === this.chosen?.id) ?? null);
    this.show(this.contains(document.activeElement));
    const said = this.querySelector("[data-say]")?.textContent;
    if (said) document.dispatchEvent(new CustomEvent("announce", { detail: said }));
  }
});
