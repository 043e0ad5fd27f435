// The textarea: every change goes through it in the one way that the browser's undo knows.

export class Field {
  constructor(area) {
    this.area = area;
  }

  get state() {
    const { value, selectionStart: start, selectionEnd: end } = this.area;
    return { value, start, end };
  }

  apply(edit) {
    if (!edit) return false;
    this.replace(edit.from, edit.to, edit.text);
    this.area.setSelectionRange(edit.start, edit.end);
    return true;
  }

  // Writes without taking the focus from wherever somebody is.
  replace(from, to, text) {
    const before = document.activeElement;
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(from, to);
    if (from === to && !text) return;
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!done) {
      this.area.setRangeText(text, from, to, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (before !== this.area && before !== document.body) before.focus({ preventScroll: true });
  }

  // Replaces what stands elsewhere; what is selected stays selected.
  replaceAside(from, to, text) {
    const { start, end } = this.state;
    const moved = (at) => (at >= to ? at + text.length - (to - from) : Math.min(at, from + text.length));
    this.replace(from, to, text);
    this.area.setSelectionRange(start > from ? moved(start) : start, end > from ? moved(end) : end);
  }

  // Shows a line, counted from 0, as high as it can be, with the cursor on it.
  goTo(line) {
    const before = this.area.value.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
    const stop = this.area.value.indexOf("\n", before);
    this.area.focus();
    this.area.setSelectionRange(before, stop < 0 ? this.area.value.length : stop);
    this.area.scrollTop = Math.max(0, this.topOf([line])[0] - 40);
  }

  // How far down each of these lines begins. Lines wrap, so a copy of the field is laid out and measured.
  topOf(lines) {
    this.copy ??= this.makeCopy();
    const look = getComputedStyle(this.area);
    for (const name of ["font", "letterSpacing", "lineHeight", "tabSize"]) this.copy.style[name] = look[name];
    const inner = this.area.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
    this.copy.style.width = `${inner}px`;
    const rows = this.area.value.split("\n").map((line) => {
      const row = document.createElement("div");
      row.textContent = line || "\u200b";
      return row;
    });
    this.copy.replaceChildren(...rows);
    const tops = lines.map((line) => (rows[line]?.offsetTop ?? 0) + parseFloat(look.paddingTop));
    this.copy.replaceChildren();
    return tops;
  }

  makeCopy() {
    const copy = document.createElement("div");
    copy.className = "editor-copy";
    copy.setAttribute("aria-hidden", "true");
    this.area.after(copy);
    return copy;
  }
}
