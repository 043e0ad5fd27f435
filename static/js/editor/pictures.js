// Pictures by paste, drop or choice: a word in the text holds the place, and a row below says how far each one is,
// stops it, and asks what it shows.

import { ALT, gaps } from "./marks.js";
import { ask, Refused } from "./server.js";

export class Pictures {
  constructor(root, field, { say, words }) {
    Object.assign(this, { root, field, say, words });
    this.list = root.querySelector(".editor-pictures");
    this.row = this.list.querySelector("template");
    this.under = new Set();
    this.held = 0;
  }

  get isBusy() {
    return this.under.size > 0;
  }

  async takeAll(files) {
    const waiting = [...files].map((file) => new Picture(this, file));
    for (const picture of waiting) await picture.take();
  }

  // Whoever has picked pictures writes nothing meanwhile, and may say what they show.
  askWords() {
    this.list.querySelector("label:not([hidden]) [data-part=alt]")?.focus();
  }

  async finished() {
    while (this.isBusy) await Promise.allSettled(this.under);
  }
}

class Picture {
  constructor(pictures, file) {
    this.all = pictures;
    this.field = pictures.field;
    this.file = file;
    this.stopped = new AbortController();
    this.makeRow();
    this.hold();
  }

  makeRow() {
    this.row = this.all.row.content.firstElementChild.cloneNode(true);
    this.part = (name) => this.row.querySelector(`[data-part=${name}]`);
    this.part("name").textContent = this.file.name;
    if (this.file.type.startsWith("image/")) {
      this.shown = URL.createObjectURL(this.file);
      this.part("thumb").src = this.shown;
    }
    this.part("stop").addEventListener("click", () => this.stop());
    this.part("again").addEventListener("click", () => this.again());
    this.part("done").addEventListener("click", () => this.leave());
    const alt = this.part("alt");
    alt.addEventListener("change", () => this.address && this.describe());
    alt.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.leave();
    });
    this.all.list.append(this.row);
    this.is("waiting");
  }

  is(state) {
    this.row.dataset.state = state;
    for (const part of this.row.querySelectorAll("[data-in]")) part.hidden = !part.dataset.in.split(" ").includes(state);
  }

  // A word in the text that says a picture is on its way, and marks its place.
  hold() {
    this.all.held += 1;
    const name = this.file.name.replaceAll(/[[\]()\s]+/g, " ").trim();
    this.place = `![${this.all.words.uploading} ${this.all.held}: ${name} …]()`;
    const { start, end, value } = this.field.state;
    const { before, after } = gaps(value, start, end);
    this.around = [before, after];
    this.field.replace(start, end, before + this.place + after);
    const caret = this.field.area.selectionEnd + (2 - after.length);
    this.field.area.setSelectionRange(caret, caret);
  }

  async take() {
    if (this.stopped.signal.aborted) return;
    const going = this.upload();
    this.all.under.add(going);
    await going;
    this.all.under.delete(going);
  }

  async upload() {
    const { maxBytes, tooLarge, markdownxUploadUrlsPath: address } = this.field.area.dataset;
    const token = this.field.area.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const progress = this.part("progress");
    this.is("going");
    try {
      if (this.file.size > Number(maxBytes)) throw new Refused(tooLarge);
      const onProgress = (share) => (progress.value = share);
      const fields = { image: this.file };
      const { image_code: code, alt } = await ask(address, fields, { token, signal: this.stopped.signal, onProgress });
      this.settle(code, alt ?? "");
    } catch (error) {
      if (error.name === "AbortError") return;
      this.fail(error.message || this.all.words.failed);
    }
  }

  // The picture comes where its word was, with the words it has in the library or none: a file's name says nothing.
  settle(code, alt) {
    this.address = code.replace(ALT, "");
    this.code = this.place;
    this.part("alt").value ||= alt;
    this.describe();
    this.is("there");
    if (this.isLeft) this.close();
    this.all.say(`${this.file.name}: ${this.all.words.uploaded}`);
  }

  swap(old, text) {
    const from = this.field.state.value.indexOf(old);
    if (from >= 0) this.field.replaceAside(from, from + old.length, text);
    return from >= 0;
  }

  // Takes the word away, with the lines that were made for it if they are as they were.
  release() {
    const [before, after] = this.around;
    return this.swap(before + this.place + after, "") || this.swap(this.place, "");
  }

  // Writing into the text takes the focus from the words, which tells that they have changed: what is known then is
  // the new code, so that it is not written twice.
  describe() {
    const alt = this.part("alt").value.trim().replaceAll(/\s+/g, " ").replaceAll(/([\\[\]])/g, "\\$1");
    const old = this.code;
    this.code = `![${alt}]${this.address}`;
    if (this.code !== old) this.swap(old, this.code);
  }

  fail(reason) {
    this.release();
    this.part("reason").textContent = reason;
    this.is("failed");
    this.all.say(`${this.file.name}: ${reason}`);
  }

  stop() {
    this.stopped.abort();
    this.release();
    this.close();
  }

  again() {
    this.isLeft = false;
    this.stopped = new AbortController();
    this.hold();
    this.take();
  }

  // On to the next picture that wants words, or back to the text. The row goes when the picture is there.
  leave() {
    const next = this.row.nextElementSibling?.querySelector("label:not([hidden]) [data-part=alt]");
    const isThere = Boolean(this.address);
    if (isThere) this.describe();
    this.isLeft = true;
    if (isThere || this.row.dataset.state === "failed") this.close();
    (next ?? this.field.area).focus();
  }

  close() {
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.row.remove();
  }
}
