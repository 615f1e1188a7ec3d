/* <copy-button data-text="…"><button>…: copies the text and says so. Hidden where the clipboard is not to be had. */
customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.hidden = !navigator.clipboard;
    this.addEventListener("click", this);
  }

  async handleEvent() {
    await navigator.clipboard.writeText(this.dataset.text);
    document.dispatchEvent(new CustomEvent("announce", { detail: "Copied" }));
    this.classList.add("copied");
    setTimeout(() => this.classList.remove("copied"), 1500);
  }
});
