// What there is to see to before readers see the text, told while it is written. Each remark leads to its place.

export function showRemarks(form, remarks, field, lineWord) {
  for (const list of form.querySelectorAll("[data-remarks]")) {
    const items = remarks.map((remark) => item(remark, () => lead(form, remark, field), lineWord));
    if (list.children.length === 0 && items.length === 0) continue;
    list.replaceChildren(...items);
    list.closest("section").hidden = items.length === 0;
  }
}

function item(remark, onClick, lineWord) {
  const row = document.createElement("li");
  const way = document.createElement("button");
  way.type = "button";
  way.textContent = remark.sentence;
  way.addEventListener("click", onClick);
  row.append(way);
  if (remark.line !== null) {
    const number = document.createElement("span");
    number.className = "quiet";
    number.textContent = ` ${lineWord} ${remark.line + 1}`;
    row.append(number);
  }
  return row;
}

function lead(form, remark, field) {
  const named = remark.field && form.elements.namedItem(remark.field);
  if (named) {
    const fold = named.closest("details");
    if (fold) fold.open = true;
    named.focus();
  } else if (remark.line !== null) {
    field.goTo(remark.line);
  }
}
