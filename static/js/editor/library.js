// The pictures that are there already, in a dialog: search, look, choose by hand or keys.

import { read } from "./server.js";

const SOON = 250;

export class Library {
  constructor(dialog, failed) {
    this.dialog = dialog;
    this.failed = failed;
    this.part = (name) => dialog.querySelector(`[data-part=${name}]`);
    this.list = this.part("list");
    this.row = this.list.querySelector("template");
    this.search = this.part("search");
    document.body.append(dialog); // outside of the form: what is searched for here is no part of the post
    this.search.addEventListener("input", () => this.lookSoon());
    this.search.addEventListener("keydown", (event) => this.onSearchKey(event));
    this.list.addEventListener("keydown", (event) => this.onListKey(event));
    this.part("more").addEventListener("click", () => this.look(this.next));
    this.part("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.settle?.(null));
  }

  // The picture that was chosen; null if none was.
  choose() {
    this.dialog.showModal();
    this.search.focus();
    this.search.select();
    this.look();
    return new Promise((resolve) => (this.settle = resolve));
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SOON);
  }

  async look(page = 1) {
    this.pending?.abort();
    this.pending = new AbortController();
    const q = this.search.value.trim();
    try {
      const about = { signal: this.pending.signal, failed: this.failed };
      const answer = await read(this.dialog.dataset.address, { q, page }, about);
      this.show(answer, page, q);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.say(error instanceof TypeError ? this.failed : error.message);
    }
  }

  show({ pictures, next, count }, page, q) {
    const rows = pictures.map((picture) => this.rowOf(picture));
    if (page === 1) this.list.replaceChildren(this.row);
    this.list.append(...rows);
    this.next = next;
    this.part("more").hidden = !next;
    const { none, empty, found } = this.part("status").dataset;
    this.say(count ? `${count} ${found}` : q ? none : empty);
    if (page > 1) rows[0]?.firstElementChild.focus();
  }

  rowOf(picture) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    row.querySelector("img").src = picture.thumbnail;
    row.querySelector("[data-part=words]").textContent = picture.alt || picture.name;
    const size = `${picture.width} × ${picture.height}`;
    row.querySelector("[data-part=about]").textContent = picture.alt ? `${picture.name}, ${size}` : size;
    row.firstElementChild.addEventListener("click", () => {
      this.dialog.close();
      this.settle(picture); // at once, not when the dialog says that it is closed: a key may come before that
    });
    return row;
  }

  say(sentence) {
    this.part("status").textContent = sentence;
  }

  // Keys: down from the search to the pictures, arrows from one to the next, and up again.

  onSearchKey(event) {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    this.list.querySelector("button")?.focus();
  }

  onListKey(event) {
    const buttons = [...this.list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const across = buttons.filter((button) => button.offsetTop === buttons[0].offsetTop).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (!step || at < 0) return;
    event.preventDefault();
    (at + step < 0 ? this.search : buttons[Math.min(at + step, buttons.length - 1)]).focus();
  }
}
