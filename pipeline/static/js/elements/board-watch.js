/*
 * <board-watch>: asks every now and then, only while somebody can see it, what others changed on the board. An answer is put
 * in place when nothing is in its way; whatever happened here meanwhile makes it old, and then it is asked for again.
 */
const STIRS = ["visibilitychange", "htmx:before:request", "htmx:before:swap"];

customElements.define("board-watch", class extends HTMLElement {
  connectedCallback() {
    for (const kind of ["config:request", "after:request", "before:swap", "after:swap", "finally:request"]) {
      this.addEventListener(`htmx:${kind}`, this);
    }
    for (const kind of STIRS) document.addEventListener(kind, this.stir);
    window.addEventListener("online", this.stir);
    this.later();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    window.removeEventListener("online", this.stir);
    for (const kind of STIRS) document.removeEventListener(kind, this.stir);
  }

  /* What others of this page ask or put in place makes the answer under way old; other stirs are occasions to look. */
  stir = (event) => {
    if (!event.type.startsWith("htmx:")) this.look();
    else if (event.target !== this) this.isOld = true;
  };

  later(seconds = Number(this.dataset.seconds)) {
    clearTimeout(this.timer);
    if (!this.hasEnded) this.timer = setTimeout(() => this.look(), seconds * (750 + Math.random() * 500));
  }

  look() {
    if (this.hasEnded || this.isAsking || document.hidden || !navigator.onLine) return;
    if (this.isInTheWay()) return this.later(1);
    clearTimeout(this.timer);
    this.isAsking = true;
    this.isOld = false;
    this.dispatchEvent(new CustomEvent("look"));
  }

  isInTheWay() {
    return document.querySelector(".dragging, dialog[open], .columns details[open], .card[aria-busy]") !== null;
  }

  handleEvent(event) {
    this[event.type.slice(5).replaceAll(":", "_")](event);
  }

  config_request({ detail: { ctx } }) {
    ctx.request.body.append("since", this.dataset.since);
    for (const column of document.querySelectorAll(".column")) {
      const { stamp } = column.querySelector("[data-stamp]").dataset;
      ctx.request.body.append("column", `${column.dataset.stage}.${column.querySelectorAll(".card").length}.${stamp}`);
    }
  }

  /* Signed out: say so once, quietly, and leave the page as it is. */
  after_request(event) {
    const { status } = event.detail.ctx.response;
    if (status < 400) return;
    event.preventDefault();
    this.hasEnded = status < 500;
    if (status === 401) document.getElementById("toasts").append(this.querySelector("template").content.cloneNode(true));
  }

  before_swap(event) {
    const { ctx, tasks } = event.detail;
    if (event.target !== this || ctx.response.status === 204) return;
    const blend = new CustomEvent("blend", { cancelable: true, detail: tasks });
    this.isOld ||= this.isInTheWay() || !this.dispatchEvent(blend);
    if (this.isOld) event.preventDefault();
  }

  after_swap({ detail: { ctx } }) {
    if (ctx.response.status === 204) return;
    this.dispatchEvent(new CustomEvent("blended"));
    if (this.dataset.news) document.dispatchEvent(new CustomEvent("announce", { detail: this.dataset.news }));
    this.dataset.news = "";
  }

  finally_request({ detail: { ctx } }) {
    this.isAsking = false;
    this.tries = ctx.response?.status < 500 ? 0 : (this.tries ?? 0) + 1;
    this.later(this.isOld ? 1 : Number(this.dataset.seconds) * Math.min(2 ** this.tries, 8));
  }
});
