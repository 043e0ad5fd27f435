// A cover from a file: it goes the way of every picture, and its address into the field that is there without scripts.

import { ask } from "./server.js";

export function offerCover(form, { area, words }) {
  const address = form.elements.namedItem("cover");
  if (!address) return;
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = form.querySelector(".editor-tools input[type=file]").accept;
  picker.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choose-cover";
  button.textContent = words.chooseCover;
  const told = document.createElement("span");
  told.className = "told";
  told.setAttribute("role", "status");
  address.after(button, told, picker);
  button.addEventListener("click", () => picker.click());
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    picker.value = "";
    if (!file) return;
    told.textContent = `${words.uploading} …`;
    try {
      if (file.size > Number(area.dataset.maxBytes)) throw new Error(area.dataset.tooLarge);
      const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await ask(area.dataset.markdownxUploadUrlsPath, { image: file }, { token });
      address.value = answer.image_path;
      address.dispatchEvent(new Event("input", { bubbles: true }));
      told.textContent = "";
      form.elements.namedItem("cover_alt")?.focus();
    } catch (error) {
      told.textContent = error.message || words.failed;
    }
  });
}
