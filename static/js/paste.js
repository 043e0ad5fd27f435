// A comment that is dropped on an earlier one answers it. The select beside it says the same.

const pieces = [...document.querySelectorAll(".piece")];
let dragged = null;

for (const piece of pieces) {
  const grip = piece.querySelector(".certainty");
  const select = piece.querySelector("select");
  if (select) {
    grip.draggable = true;
    grip.classList.add("grip");
    grip.querySelector(".drag").hidden = false;
    grip.addEventListener("dragstart", (event) => {
      dragged = select;
      event.dataTransfer.setData("text/plain", piece.dataset.line);
    });
    grip.addEventListener("dragend", () => (dragged = null));
  }
  const offers = () => dragged && [...dragged.options].some((option) => option.value === piece.dataset.line);
  piece.addEventListener("dragover", (event) => {
    if (!offers()) return;
    event.preventDefault();
    piece.classList.add("over");
  });
  piece.addEventListener("dragleave", () => piece.classList.remove("over"));
  piece.addEventListener("drop", (event) => {
    event.preventDefault();
    piece.classList.remove("over");
    if (!offers()) return;
    dragged.value = piece.dataset.line;
    dragged.closest(".piece").classList.remove("guess");
  });
}
