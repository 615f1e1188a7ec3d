/* A toast says its text in the live region, and leaves after a while unless it is a failure or is being read. */
customElements.define("toast-note", class extends HTMLElement {
  connectedCallback() {
    document.dispatchEvent(new CustomEvent("announce", { detail: this.querySelector("p").textContent.trim() }));
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.remove());
    const stays = Number(this.dataset.seconds);
    if (stays) this.leaveAfter(stays * 1000);
  }

  leaveAfter(milliseconds) {
    setTimeout(() => (this.matches(":hover, :focus-within") ? this.leaveAfter(2000) : this.remove()), milliseconds);
  }
});
