// A button on each piece of code that takes it along.
const words = document.querySelector("script[data-copy]").dataset;

if (navigator.clipboard) {
  for (const code of document.querySelectorAll(".e-content pre")) {
    if (code.closest(".lntable td:first-child")) continue;
    const box = document.createElement("div");
    box.className = "codebox";
    code.replaceWith(box);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    box.append(code, button);
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const code = button.previousElementSibling.cloneNode(true);
    code.querySelectorAll(".ln, .lnt").forEach((number) => number.remove());
    await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2000);
  });
}
