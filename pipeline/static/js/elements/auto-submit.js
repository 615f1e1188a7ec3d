/*
 * <auto-submit> in or around a form of filters: a change inside sends it, and what is left empty stays out of the URL. Who looks
 * through the choices by keyboard is left to it: what they changed is sent by Enter, or once they leave the field.
 * Its button is for those without JavaScript.
 */
const OPENS_CHOICES = [" ", "Enter"];

customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form") ?? this.querySelector("form");
    for (const kind of ["focusin", "pointerdown", "keydown", "change", "focusout"]) this.addEventListener(kind, this);
    this.form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData]) if (!value) formData.delete(name);
    });
  }

  handleEvent(event) {
    this[event.type](event);
  }

  focusin({ target }) {
    this.before = target.value;
    this.isLooking = false;
  }

  pointerdown() {
    this.isLooking = false;
  }

  keydown(event) {
    if (event.key === "Enter" && this.sendWhatChanged(event.target)) event.preventDefault();
    this.isLooking = !event.altKey && !OPENS_CHOICES.includes(event.key);
  }

  change() {
    if (!this.isLooking) this.form.requestSubmit();
  }

  /* Not when only the window is left: the field has the focus still. */
  focusout({ target }) {
    if (target !== document.activeElement) this.sendWhatChanged(target);
  }

  sendWhatChanged(field) {
    const isChanged = field.matches("select, input") && field.value !== this.before;
    if (isChanged) this.form.requestSubmit();
    return isChanged;
  }
});
