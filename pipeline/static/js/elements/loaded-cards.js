/* <loaded-cards>: tells with each request how many cards every column shows, so that a long one comes back as long as it was. */
customElements.define("loaded-cards", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:config:request", this);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:config:request", this);
  }

  handleEvent({ detail: { ctx } }) {
    if (ctx.request.method !== "POST") return;
    for (const column of document.querySelectorAll(".column")) {
      ctx.request.body.append("loaded", `${column.dataset.stage}.${column.querySelectorAll(".card").length}`);
    }
  }
});
