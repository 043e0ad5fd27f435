// The Markdown field: a preview by the site's own renderer, pictures by paste and drop, a few keys.
// Without this script the field is a textarea like any other. Tab and undo stay the browser's.

const KEYS = { b: "bold", i: "italic", k: "link" };
const REMEMBERED = "commonplace.preview";
const WIDE = matchMedia("(min-width: 64rem)");

class Refused extends Error {}

class Editor {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.text = root.querySelector("textarea");
    this.tools = root.querySelector(".editor-tools");
    this.pane = root.querySelector(".markdownx-preview");
    this.status = root.querySelector(".editor-status");
    this.picker = root.querySelector("input[type=file]");
    this.page = this.openPage();
    this.tools.hidden = false;
    this.listen();
    this.showPreview(remembered() ?? WIDE.matches);
  }

  // The preview lives in a shadow tree: no name or id of the text can meet those of the form around it.
  openPage() {
    const shadow = this.pane.attachShadow({ mode: "open" });
    shadow.append(this.pane.querySelector("template").content.cloneNode(true));
    return shadow.querySelector(".prose");
  }

  listen() {
    this.text.addEventListener("input", () => this.previewSoon());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("paste", (event) => this.onPaste(event));
    this.text.addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
    this.text.addEventListener("drop", (event) => this.onDrop(event));
    this.text.addEventListener("scroll", () => this.scrollAlong(), { passive: true });
    this.page.addEventListener("click", (event) => this.follow(event));
    this.tools.addEventListener("click", (event) => this.onTool(event.target.closest("button")));
    this.picker.addEventListener("change", () => this.takePicked());
    this.text.form?.querySelector("#id_markup")?.addEventListener("change", () => this.previewSoon());
  }

  // Keys and tools

  onKey(event) {
    const deed = KEYS[event.key.toLowerCase()];
    if (deed && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      this[deed]();
    }
  }

  onTool(button) {
    if (button) this[button.dataset.deed]();
  }

  bold() {
    this.wrap("**");
  }

  italic() {
    this.wrap("*");
  }

  link() {
    const { selectionStart: start, selectionEnd: end } = this.text;
    const shown = this.text.value.slice(start, end) || this.words.linkText;
    this.replace(start, end, `[${shown}](https://)`);
    this.text.setSelectionRange(start + shown.length + 3, start + shown.length + 11);
  }

  picture() {
    this.picker.click();
  }

  preview() {
    const shown = this.pane.hidden;
    localStorage.setItem(REMEMBERED, shown ? "yes" : "no");
    this.showPreview(shown);
  }

  wrap(mark) {
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const inside = value.slice(start, end);
    const isMarked = value.slice(start - mark.length, start) === mark && value.slice(end).startsWith(mark);
    if (isMarked) {
      this.replace(start - mark.length, end + mark.length, inside);
      this.text.setSelectionRange(start - mark.length, end - mark.length);
    } else {
      this.replace(start, end, mark + inside + mark);
      this.text.setSelectionRange(start + mark.length, end + mark.length);
    }
  }

  // execCommand is the one way to write that the browser's undo knows.
  replace(start, end, written) {
    const before = document.activeElement;
    this.text.focus({ preventScroll: true });
    this.text.setSelectionRange(start, end);
    const done = written ? document.execCommand("insertText", false, written) : document.execCommand("delete");
    if (!done) {
      this.text.setRangeText(written, start, end, "end");
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (before !== this.text && before !== document.body) before.focus({ preventScroll: true });
  }

  // Pictures

  onPaste(event) {
    const data = event.clipboardData;
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const pasted = data.getData("text/plain");
    if (!pasted && data.files.length) {
      event.preventDefault();
      this.takeAll(data.files);
    } else if (start < end && /^https?:\/\/\S+$/.test(pasted) && !/^https?:/.test(value.slice(start, end))) {
      event.preventDefault();
      this.replace(start, end, `[${value.slice(start, end)}](${pasted})`);
    }
  }

  onDrop(event) {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.takeAll(event.dataTransfer.files);
  }

  async takePicked() {
    this.text.focus();
    await this.takeAll(this.picker.files);
    this.picker.value = "";
  }

  async takeAll(files) {
    const waiting = [...files].map((file) => [file, this.hold(file)]);
    for (const [file, place] of waiting) await this.take(file, place);
  }

  // A word in the text that says a picture is on its way, and marks its place.
  hold(file) {
    this.held = (this.held ?? 0) + 1;
    const name = file.name.replaceAll(/[[\]()\s]+/g, " ").trim();
    const place = `![${this.words.uploading} ${this.held}: ${name} …]()`;
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const isFirstOnLine = start === 0 || value[start - 1] === "\n";
    this.replace(start, end, `${isFirstOnLine ? "" : "\n\n"}${place}\n\n`);
    return place;
  }

  async take(file, place) {
    try {
      const limit = Number(this.text.dataset.maxBytes);
      if (file.size > limit) throw new Refused(this.text.dataset.tooLarge);
      const answer = await this.post(this.text.dataset.markdownxUploadUrlsPath, { image: file });
      this.settle(place, answer.image_code);
    } catch (error) {
      this.settle(place, "");
      this.say(`${file.name}: ${this.reasonOf(error)}`);
    }
  }

  // Put the picture where its word was. The alternative text is selected, unless the writer has gone on writing.
  settle(place, code) {
    const start = this.text.value.indexOf(place);
    if (start < 0) return;
    const { selectionStart, selectionEnd } = this.text;
    const isWaiting = /^\n*$/.test(this.text.value.slice(start + place.length, selectionEnd)) && selectionEnd > start;
    this.replace(start, start + place.length, code);
    if (code && isWaiting) {
      this.text.setSelectionRange(start + 2, start + code.lastIndexOf("]("));
    } else {
      const shift = (at) => (at > start ? Math.max(start, at + code.length - place.length) : at);
      this.text.setSelectionRange(shift(selectionStart), shift(selectionEnd));
    }
  }

  // Preview

  showPreview(shown) {
    this.pane.hidden = !shown;
    this.root.classList.toggle("with-preview", shown);
    this.text.form?.classList.toggle("with-preview", shown);
    this.tools.querySelector("[data-deed=preview]").setAttribute("aria-pressed", shown);
    if (shown) this.refresh();
  }

  // A link in the preview must not lead away from a text that is not saved.
  follow(event) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    const place = link.hash && this.page.getRootNode().getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) place.scrollIntoView();
    else window.open(link.href, "_blank", "noopener");
  }

  previewSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), Number(this.text.dataset.markdownxLatency));
  }

  async refresh() {
    this.pending?.abort();
    this.pending = new AbortController();
    const markup = this.text.form?.querySelector("#id_markup")?.value ?? "";
    const fields = { content: this.text.value, entry: this.text.dataset.entry, markup };
    try {
      const answer = await this.post(this.text.dataset.markdownxUrlsPath, fields, this.pending.signal);
      this.page.innerHTML = answer.html;
      this.say(`${answer.words} ${this.words.words} · ${answer.minutes} ${this.words.minutes}`);
      this.scrollAlong();
    } catch (error) {
      if (error.name !== "AbortError") this.say(this.reasonOf(error));
    }
  }

  scrollAlong() {
    const room = (box) => box.scrollHeight - box.clientHeight;
    if (room(this.text) > 0) this.pane.scrollTop = (this.text.scrollTop / room(this.text)) * room(this.pane);
  }

  // The server

  async post(address, fields, signal) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const token = this.text.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(address, { method: "POST", body, signal, headers: { "X-CSRFToken": token } });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    if (!response.ok || !isJson) throw new Refused(answer.error ?? this.words.failed);
    return answer;
  }

  reasonOf(error) {
    return error instanceof Refused ? error.message : this.words.failed;
  }

  say(sentence) {
    this.status.textContent = sentence;
  }
}

function hasFiles(data) {
  return data?.types.includes("Files") ?? false;
}

function remembered() {
  const said = localStorage.getItem(REMEMBERED);
  return WIDE.matches && said ? said === "yes" : null;
}

for (const root of document.querySelectorAll(".markdownx")) new Editor(root);
