// Completes the last name in a line of tags. The list holds whole lines, for a datalist completes nothing less.

class TagLine {
  constructor(line) {
    this.line = line;
    this.list = document.createElement("datalist");
    this.list.id = `${line.id}_names`;
    line.after(this.list);
    line.setAttribute("list", this.list.id);
    line.addEventListener("input", () => this.lookSoon());
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 150);
  }

  async look() {
    const comma = this.line.value.lastIndexOf(",");
    const typed = this.line.value.slice(comma + 1).trim();
    const before = comma < 0 ? "" : `${this.line.value.slice(0, comma)}, `;
    if (!typed) return this.list.replaceChildren();
    const response = await fetch(`${this.line.dataset.names}?q=${encodeURIComponent(typed)}`);
    const { names } = response.ok ? await response.json() : { names: [] };
    this.list.replaceChildren(...names.map((name) => new Option(before + name)));
  }
}

for (const line of document.querySelectorAll("input[data-names]")) new TagLine(line);
