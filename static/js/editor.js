// The Markdown field: tools and keys, pictures, a preview by the site's own renderer.
// Without this script the field is a textarea like any other. Tab and undo stay the browser's.

import { offerCover } from "./editor/cover.js";
import { Field } from "./editor/field.js";
import { Library } from "./editor/library.js";
import * as marks from "./editor/marks.js";
import { Pictures } from "./editor/pictures.js";
import { Preview } from "./editor/preview.js";
import { showRemarks } from "./editor/remarks.js";
import { ask } from "./editor/server.js";

const REMEMBERED = "commonplace.preview";
const WIDE = matchMedia("(min-width: 64rem)");
const SHOWN_TOO = [
  ...["title", "summary", "description", "markup", "cover", "cover_alt", "show_toc"],
  ...["slug", "path", "published_at"],
];
const UNSEEN = 3; // an unseen preview is asked for that many times later: it gives the counts

class Editor {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.area = root.querySelector("textarea");
    this.form = this.area.form;
    this.tools = root.querySelector(".editor-tools");
    this.pane = root.querySelector(".markdownx-preview");
    this.status = root.querySelector(".editor-status");
    this.help = root.querySelector("dialog");
    this.field = new Field(this.area);
    this.preview = new Preview(this.pane, this.field);
    this.pictures = new Pictures(root, this.field, { say: (sentence) => this.say(sentence), words: this.words });
    this.known = new Library(root.querySelector(".editor-library"), this.words.failed);
    this.tools.hidden = false;
    offerCover(this.form, this);
    this.listen();
    this.showPreview(WIDE.matches && localStorage.getItem(REMEMBERED) === "yes");
    this.refresh();
  }

  listen() {
    this.area.addEventListener("input", () => this.lookSoon());
    this.area.addEventListener("keydown", (event) => this.onKey(event));
    this.area.addEventListener("paste", (event) => this.onPaste(event));
    this.area.addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
    this.area.addEventListener("drop", (event) => this.onDrop(event));
    this.tools.addEventListener("click", (event) => this.onTool(event.target.closest("button")));
    this.tools.addEventListener("keydown", (event) => this.onToolKey(event));
    this.root.querySelector("input[type=file]").addEventListener("change", (event) => this.onPicked(event.target));
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    document.addEventListener("keydown", (event) => this.onEscape(event));
    this.form.elements.namedItem("title")?.addEventListener("keydown", (event) => this.onTitleKey(event));
    for (const name of SHOWN_TOO) {
      const field = this.form.elements.namedItem(name);
      field?.addEventListener(field.tagName === "SELECT" || field.type === "checkbox" ? "change" : "input", () => this.lookSoon());
    }
  }

  // Keys and tools

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (this.field.apply(marks.nextLine(this.field.state))) event.preventDefault();
      return;
    }
    const button = [...this.tools.querySelectorAll("[aria-keyshortcuts]")].find((tool) => isPressed(tool, event));
    if (!button) return;
    event.preventDefault();
    this.onTool(button);
  }

  onTool(button) {
    if (!button) return;
    const { deed } = button.dataset;
    if (deed in marks) {
      this.field.apply(marks[deed](this.field.state, this.words));
      this.area.focus();
    } else {
      this[deed]();
    }
  }

  // One stop for Tab, arrows from tool to tool.
  onToolKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tools = [...this.tools.querySelectorAll("button:not([hidden])")];
    const at = tools.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = tools.at((at + step) % tools.length);
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  }

  picture() {
    this.root.querySelector("input[type=file]").click();
  }

  async library() {
    const chosen = await this.known.choose();
    this.area.focus();
    if (!chosen) return;
    this.field.apply(marks.known(this.field.state, chosen));
    if (!chosen.alt) this.say(this.words.wordless);
  }

  keys() {
    const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
    if (isMac) for (const key of this.help.querySelectorAll("[data-mod]")) key.textContent = "⌘";
    this.help.showModal();
    this.help.querySelector("[value=close]").onclick = () => this.help.close();
  }

  togglePreview() {
    localStorage.setItem(REMEMBERED, this.pane.hidden ? "yes" : "no");
    this.showPreview(this.pane.hidden);
  }

  fullScreen(isFull = !document.documentElement.classList.contains("editor-full")) {
    document.documentElement.classList.toggle("editor-full", isFull);
    this.root.querySelector("[data-deed=fullScreen]").setAttribute("aria-pressed", String(isFull));
    this.area.focus({ preventScroll: true });
  }

  // After the title comes the text, not the end of writing.
  onTitleKey(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.area.focus();
  }

  onEscape(event) {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (document.documentElement.classList.contains("editor-full")) this.fullScreen(false);
  }

  // Pictures and addresses

  onPaste(event) {
    const data = event.clipboardData;
    const pasted = data.getData("text/plain");
    if (!pasted && data.files.length) {
      event.preventDefault();
      this.pictures.takeAll(data.files);
    } else if (this.field.apply(marks.linkTo(this.field.state, pasted.trim()))) {
      event.preventDefault();
    }
  }

  onDrop(event) {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    const point = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    if (point?.offsetNode === this.area) this.area.setSelectionRange(point.offset, point.offset);
    this.pictures.takeAll(event.dataTransfer.files);
  }

  async onPicked(picker) {
    this.area.focus();
    const taken = this.pictures.takeAll(picker.files);
    picker.value = "";
    this.pictures.askWords();
    await taken;
  }

  // A text that waits for a picture is sent when the picture is there.
  async onSubmit(event) {
    if (!this.pictures.isBusy) return;
    event.preventDefault();
    this.say(this.words.waiting);
    await this.pictures.finished();
    this.form.requestSubmit(event.submitter);
  }

  // Preview and counts

  showPreview(isShown) {
    this.pane.hidden = !isShown;
    this.root.classList.toggle("with-preview", isShown);
    this.form.classList.toggle("with-preview", isShown);
    this.tools.querySelector("[data-deed=togglePreview]").setAttribute("aria-pressed", String(isShown));
    if (isShown) this.refresh();
  }

  lookSoon() {
    clearTimeout(this.timer);
    const latency = Number(this.area.dataset.markdownxLatency);
    this.timer = setTimeout(() => this.refresh(), this.pane.hidden ? UNSEEN * latency : latency);
  }

  async refresh() {
    this.pending?.abort();
    this.pending = new AbortController();
    const { entry, markdownxUrlsPath: address } = this.area.dataset;
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const data = new FormData(this.form);
    const fields = Object.fromEntries(SHOWN_TOO.map((name) => [name, data.get(name) ?? ""]));
    try {
      const about = { ...fields, entry, content: this.area.value };
      const answer = await ask(address, about, { token, signal: this.pending.signal });
      this.say(`${answer.words} ${this.words.words} · ${answer.minutes} ${this.words.minutes}`);
      if (!this.pictures.isBusy) showRemarks(this.form, answer.remarks, this.field, this.words.line);
      const elsewhere = this.form.querySelector(".elsewhere");
      if (elsewhere) elsewhere.innerHTML = answer.elsewhere;
      await this.preview.show(answer.html);
    } catch (error) {
      if (error.name !== "AbortError") this.say(error.message || this.words.failed);
    }
  }

  say(sentence) {
    this.status.textContent = sentence;
  }
}

function isPressed(tool, event) {
  const [key, ...modifiers] = tool.getAttribute("aria-keyshortcuts").split(" ")[0].split("+").reverse();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey !== modifiers.includes("Shift")) return false;
  const codes = { ".": "Period", "[": "BracketLeft", "]": "BracketRight" };
  return event.key.toUpperCase() === key || event.code === (codes[key] ?? `Digit${key}`);
}

function hasFiles(data) {
  return data?.types.includes("Files") ?? false;
}

for (const root of document.querySelectorAll(".markdownx")) new Editor(root);
