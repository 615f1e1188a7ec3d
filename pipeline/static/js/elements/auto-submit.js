/*
 * <auto-submit> in or around a form of filters: a change inside sends it, its button is for those without JavaScript, and what
 * is left empty stays out of the URL.
 */
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form") ?? this.querySelector("form");
    const button = this.querySelector("[type=submit]");
    if (button) button.hidden = true;
    this.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (!value) formData.delete(name);
    });
  }
});
