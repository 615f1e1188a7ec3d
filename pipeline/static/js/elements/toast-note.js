/*
 * A toast says its text in the live region, and leaves after a while unless it is a failure or is being read. One that offers to
 * take something back stands for the last change only, and is gone once that was asked for.
 */
customElements.define("toast-note", class extends HTMLElement {
  connectedCallback() {
    document.dispatchEvent(new CustomEvent("announce", { detail: this.querySelector("p").textContent.trim() }));
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.remove());
    this.addEventListener("submit", () => { this.hidden = true; });
    this.addEventListener("htmx:finally:request", (event) => event.target.matches("form") && this.settle(event.detail.ctx));
    if (this.querySelector("[data-undo]")) this.supersede();
    const stays = Number(this.dataset.seconds);
    if (stays) this.leaveAfter(stays * 1000);
  }

  settle({ response }) {
    if (response) this.remove();
    else this.hidden = false;
  }

  supersede() {
    for (const older of document.querySelectorAll("[data-undo]")) {
      if (!this.contains(older)) (older.closest("toast-note") ?? older.form).remove();
    }
  }

  leaveAfter(milliseconds) {
    setTimeout(() => (this.matches(":hover, :focus-within") ? this.leaveAfter(2000) : this.remove()), milliseconds);
  }
});
