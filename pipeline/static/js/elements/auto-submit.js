/*
 * <auto-submit> in or around a form of filters: a change inside sends it, and what is left empty stays out of the URL.
 * Its button is for those without JavaScript.
 */
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form") ?? this.querySelector("form");
    this.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (!value) formData.delete(name);
    });
  }
});
