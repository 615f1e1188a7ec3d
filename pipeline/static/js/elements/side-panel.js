/*
 * <side-panel>: a click on a link to a record opens it in the panel instead, over the page that stays beneath. Escape, the close
 * button and Back return to that page as it was; Forward opens the record again. Requests tell what the panel shows, and give
 * the page beneath as the one they come from.
 */
const RECORD = /^\/opportunities\/\d+$/;
const EVENTS = ["click", "keydown", "htmx:config:request", "htmx:finally:request", "htmx:after:swap", "htmx:before:history:restore"];

customElements.define("side-panel", class extends HTMLElement {
  connectedCallback() {
    [this.opener, this.refresher, this.panel] = this.children;
    this.beneath = location.href;
    this.narrow = matchMedia("(max-width: 45rem)");
    for (const kind of EVENTS) document.addEventListener(kind, this);
    new MutationObserver(() => this.panel.firstElementChild && this.show()).observe(this.panel, { childList: true });
  }

  handleEvent(event) {
    this[event.type.replaceAll(":", "_")](event);
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  get link() {
    return document.querySelector(`#main a[href="${this.path}"]`);
  }

  click(event) {
    if (event.target.closest("[data-close-panel]")) this.leave();
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!RECORD.test(link.pathname) || link.host !== location.host || link.matches("[hx-get], [target], [data-whole]")) return;
    event.preventDefault();
    this.open(link.pathname, this.isOpen ? "swap" : "open");
  }

  /* An edit that is open, or a field, is let go of first; a dialog and the search box have an Escape of their own. */
  keydown(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.isOpen) return;
    if (document.querySelector("dialog[open]") || event.target.closest("search-box")) return;
    if (this.panel.querySelector("[data-cancel]")) return;
    if (event.target.matches("input, textarea, select")) this.panel.focus({ preventScroll: true });
    else this.leave();
  }

  open(path, step) {
    if (!this.isOpen) this.titleBeneath = document.title;
    if (step === "open") this.beneath = location.href;
    Object.assign(this, { path, step, changed: this.isOpen && this.changed });
    this.opener.setAttribute("hx-get", path);
    this.opener.click();
  }

  leave() {
    if (!this.leaving) history.back();
    this.leaving = true;
  }

  htmx_config_request({ detail: { ctx } }) {
    const { headers, method } = ctx.request;
    const opens = ctx.sourceElement === this.opener;
    if (ctx.sourceElement === this.refresher) headers["HX-History-Restore-Request"] = "true";
    if (!opens && !this.isOpen) return;
    Object.assign(headers, { "HX-Current-URL": this.beneath, "HX-Panel": this.path }, opens && { "HX-Panel-Step": this.step });
    this.changed ||= method !== "GET";
  }

  /* Forward to a record that is there no more: its own page says so. */
  htmx_finally_request({ detail: { ctx } }) {
    if (ctx.sourceElement === this.opener && !this.isOpen && RECORD.test(location.pathname)) location.reload();
  }

  htmx_after_swap() {
    for (const link of document.querySelectorAll('#main a[aria-current=true][href^="/opportunities/"]')) link.removeAttribute("aria-current");
    if (this.isOpen) this.link?.setAttribute("aria-current", "true");
  }

  htmx_before_history_restore(event) {
    const isBack = location.href === this.beneath;
    if (isBack ? !this.isOpen : !RECORD.test(location.pathname)) return;
    event.preventDefault();
    if (isBack) this.shut();
    else this.open(location.pathname, "return");
  }

  show() {
    this.panel.hidden = this.leaving = false;
    this.panel.setAttribute("aria-label", this.panel.querySelector("h2").textContent);
    for (const other of this.parentElement.children) other.inert = other !== this && this.narrow.matches;
    this.panel.scrollTop = 0;
    this.panel.focus({ preventScroll: true });
    this.htmx_after_swap();
  }

  shut() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    document.title = this.titleBeneath;
    for (const other of this.parentElement.children) other.inert = false;
    this.htmx_after_swap();
    (this.link ?? document.getElementById("main")).focus({ preventScroll: true });
    if (!this.changed || document.querySelector(".columns")) return;
    this.refresher.setAttribute("hx-get", this.beneath);
    this.refresher.click();
  }
});
