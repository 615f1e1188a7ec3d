/*
 * <deal-selection> around the form that ticked boxes (.pick) belong to: counts them, keeps what was ticked when the page is swapped
 * under it, ticks a range with Shift and a whole column by its head.
 */
customElements.define("deal-selection", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    [this.ids, this.stages] = [new Set(), new Set()];
    this.kinds = ["click", "htmx:after:swap"];
    for (const kind of this.kinds) document.addEventListener(kind, this);
    this.form.addEventListener("reset", this);
    this.restore();
  }

  disconnectedCallback() {
    for (const kind of this.kinds) document.removeEventListener(kind, this);
  }

  handleEvent(event) {
    ({ click: this.click, reset: this.letGo }[event.type] ?? this.restore).call(this, event);
  }

  boxes(name) {
    return [...document.querySelectorAll(`.pick[name="${name}"][form="selection"]`)];
  }

  click({ target, shiftKey }) {
    if (!target.matches?.(".pick") || target.form !== this.form) return;
    if (target.name === "ids") this.tick(shiftKey ? this.upTo(target) : [target], target.checked);
    else if (target.name === "stages") this.tickColumn(target);
    else if (target.name === "all") this.tick(this.boxes("ids"), target.checked);
    this.last = target.name === "ids" ? target : null;
    this.tell();
  }

  /* From the last one ticked in the same column or table to this one. */
  upTo(box) {
    const group = box.closest(".cards, tbody");
    const boxes = this.boxes("ids").filter((other) => group.contains(other));
    const ends = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((one, other) => one - other);
    return ends[0] < 0 ? [box] : boxes.slice(ends[0], ends[1] + 1);
  }

  tick(boxes, on) {
    for (const box of boxes) {
      box.checked = on;
      this.ids[on ? "add" : "delete"](box.value);
      if (!on) this.untickAround(box);
    }
  }

  /* All, or a whole column, is not all any more. */
  untickAround(box) {
    const heads = [this.form.elements.all, box.closest(".column")?.querySelector(".pick[name=stages]")];
    for (const head of heads.filter(Boolean)) {
      head.checked = false;
      this.stages.delete(head.value);
    }
  }

  tickColumn(head) {
    this.tick(this.boxes("ids").filter((box) => head.closest(".column").contains(box)), head.checked);
    this.stages[head.checked ? "add" : "delete"](head.value);
  }

  letGo() {
    this.ids.clear();
    this.stages.clear();
    setTimeout(() => this.restore()); // once the boxes are reset
    document.dispatchEvent(new CustomEvent("announce", { detail: "Nothing selected" }));
  }

  restore() {
    for (const head of this.boxes("stages")) head.checked = this.stages.has(head.value);
    for (const box of this.boxes("ids")) {
      if (box.checked || this.stages.has(box.closest(".column")?.dataset.stage)) this.ids.add(box.value);
      box.checked = this.ids.has(box.value);
    }
    this.tell(false);
  }

  count() {
    if (this.form.elements.all?.checked) return Number(this.querySelector("#everything").dataset.count);
    const whole = [...this.boxes("stages"), ...this.boxes("refused_of")].filter((box) => box.checked);
    const within = (box) => this.stages.has(box.closest(".column")?.dataset.stage);
    const singly = this.ids.size - this.boxes("ids").filter((box) => box.checked && within(box)).length;
    return whole.reduce((sum, box) => sum + Number(box.dataset.count), singly);
  }

  tell(aloud = true) {
    const here = new Set(this.boxes("ids").map((box) => box.value));
    this.querySelector("[data-kept]").value = [...this.ids].filter((id) => !here.has(id)).join();
    const count = this.count();
    const words = `${count.toLocaleString(document.documentElement.lang)} selected`;
    this.querySelector("[data-count]").textContent = words;
    this.toggleAttribute("data-some", count > 0);
    document.dispatchEvent(new CustomEvent("picked"));
    if (aloud) document.dispatchEvent(new CustomEvent("announce", { detail: words }));
  }
});
