/*
 * <kept-drafts data-key="…">: what is half written in the forms around it is kept in this tab until it is sent or cleared, and is
 * there again when they are, with the newest unfolded. `data-key` says whose it is, and about what.
 */
const TYPED = "textarea, input:not([type])";

customElements.define("kept-drafts", class extends HTMLElement {
  connectedCallback() {
    this.around = this.parentElement;
    for (const kind of ["input", "htmx:after:request"]) this.around.addEventListener(kind, this);
    document.addEventListener("htmx:after:swap", this);
    this.fill();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:after:swap", this);
  }

  get drafts() {
    return JSON.parse(sessionStorage.getItem(this.dataset.key) ?? "{}");
  }

  set drafts(drafts) {
    sessionStorage.setItem(this.dataset.key, JSON.stringify(drafts));
  }

  handleEvent(event) {
    if (event.type === "input") this.keep(event.target);
    else if (event.type === "htmx:after:request") this.forgetSent(event.detail.ctx);
    else this.fill();
  }

  keep(field) {
    if (!field.id || !field.matches(TYPED)) return;
    const { [field.id]: before, ...others } = this.drafts;
    this.drafts = field.value ? { ...others, [field.id]: field.value } : others;
  }

  /* A preview goes out by its button, what is sent by its form. */
  forgetSent({ sourceElement, request, response }) {
    if (request.method !== "POST" || response.status !== 200 || !sourceElement.matches("form")) return;
    const others = Object.entries(this.drafts).filter(([id]) => !sourceElement.querySelector(`#${CSS.escape(id)}`));
    this.drafts = Object.fromEntries(others);
  }

  fill() {
    for (const [id, draft] of Object.entries(this.drafts)) {
      const field = document.getElementById(id);
      if (field && !field.value) this.put(field, draft);
    }
  }

  put(field, draft) {
    field.value = draft;
    field.closest("details").open = true;
  }
});
