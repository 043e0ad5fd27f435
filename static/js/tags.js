// Completes the name the cursor is in, in a line of names with commas between them. Arrows choose, Enter or Tab takes
// what is chosen, Escape closes; Enter never sends the form. Without this script it is a line of text like any other.

const NAME = /(?:^|,)\s*((?:"[^"]*"?|[^,"])*)$/;

class TagLine {
  constructor(line) {
    this.line = line;
    this.list = document.createElement("ul");
    this.list.id = `${line.id}_names`;
    this.list.className = "tag-names";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", line.labels[0]?.textContent ?? "");
    this.list.hidden = true;
    line.after(this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", this.list.id]]) {
      line.setAttribute(name, value);
    }
    this.close();
    line.addEventListener("input", () => this.lookSoon());
    line.addEventListener("keydown", (event) => this.onKey(event));
    line.addEventListener("blur", () => setTimeout(() => document.activeElement !== line && this.close()));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("li")));
  }

  // The name that is being typed: where it begins, and how far the cursor is in it.
  get typed() {
    const before = this.line.value.slice(0, this.line.selectionStart);
    const words = NAME.exec(before)?.[1] ?? "";
    return { words: words.replaceAll('"', "").trim(), from: before.length - words.length };
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 120);
  }

  async look() {
    const { words } = this.typed;
    if (!words) return this.close();
    this.pending?.abort();
    this.pending = new AbortController();
    try {
      const address = `${this.line.dataset.names}?q=${encodeURIComponent(words)}`;
      const response = await fetch(address, { signal: this.pending.signal });
      const { names } = response.ok ? await response.json() : { names: [] };
      if (document.activeElement === this.line) this.show(names.filter((name) => !this.has(name)).slice(0, 8));
    } catch {
      this.close();
    }
  }

  has(name) {
    const { from } = this.typed;
    const before = this.line.value.slice(0, from).split(",").map((each) => each.trim().toLowerCase());
    return before.includes(name.toLowerCase());
  }

  show(names) {
    this.list.replaceChildren(
      ...names.map((name, index) => {
        const row = document.createElement("li");
        row.id = `${this.list.id}_${index}`;
        row.setAttribute("role", "option");
        row.textContent = name;
        return row;
      }),
    );
    this.list.hidden = names.length === 0;
    this.line.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(null);
  }

  close() {
    clearTimeout(this.timer);
    this.pending?.abort();
    this.list.replaceChildren();
    this.list.hidden = true;
    this.line.setAttribute("aria-expanded", "false");
    this.choose(null);
  }

  choose(row) {
    this.chosen = row;
    for (const each of this.list.children) each.setAttribute("aria-selected", String(each === row));
    if (row) {
      this.line.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else {
      this.line.removeAttribute("aria-activedescendant");
    }
  }

  onKey(event) {
    if (event.isComposing) return;
    const rows = [...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      const at = this.chosen ? rows.indexOf(this.chosen) + step : step > 0 ? 0 : -1;
      this.choose(rows.at(at % rows.length));
    } else if (event.key === "Escape" && rows.length) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.take(this.chosen);
    } else if (event.key === "Tab" && this.chosen) {
      this.take(this.chosen);
    }
  }

  // Writes the chosen name in place of what was typed, in the way that undo knows; without one, what was typed is done.
  take(row) {
    const { words, from } = this.typed;
    const name = row ? row.textContent : words;
    if (!name) return;
    const end = /^[^,]*/.exec(this.line.value.slice(this.line.selectionStart))[0].length + this.line.selectionStart;
    const written = `${name.includes(",") ? `"${name}"` : name}, `;
    const follows = this.line.value.slice(end).replace(/^,\s*/, "");
    this.line.setSelectionRange(from, this.line.value.length - follows.length);
    if (!document.execCommand("insertText", false, written)) {
      this.line.setRangeText(written, from, this.line.value.length - follows.length, "end");
      this.line.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.close();
  }
}

for (const line of document.querySelectorAll("input[data-names]")) new TagLine(line);
