// A field with Markdown in it is selected as a whole, and copied by a button. Without this it is a field to select.
for (const field of document.querySelectorAll("input.copied")) {
  field.addEventListener("focus", () => field.select());
}
