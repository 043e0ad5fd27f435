// Parts of a series are moved by buttons or dragged; the numbers before them, which the form sends, follow.

class Order {
  constructor(list) {
    this.list = list;
    for (const row of list.children) this.equip(row);
  }

  equip(row) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      this.dragged = row;
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragover", (event) => this.dragOver(event, row));
    row.addEventListener("dragend", () => this.number());
    row.append(
      this.button(this.list.dataset.up, row, () => row.previousElementSibling?.before(row)),
      this.button(this.list.dataset.down, row, () => row.nextElementSibling?.after(row)),
    );
  }

  button(name, row, move) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.setAttribute("aria-label", `${name}: ${row.querySelector("bdi").textContent}`);
    button.addEventListener("click", () => {
      move();
      this.number();
      button.focus();
    });
    return button;
  }

  dragOver(event, row) {
    if (!this.dragged || this.dragged === row) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    row[event.clientY < top + height / 2 ? "before" : "after"](this.dragged);
  }

  number() {
    this.dragged = null;
    [...this.list.children].forEach((row, place) => {
      row.querySelector("input").value = place + 1;
    });
  }
}

for (const list of document.querySelectorAll("[data-order]")) {
  if (!list.querySelector("input:disabled")) new Order(list);
}
