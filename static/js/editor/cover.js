// A cover from a file: it goes the way of every picture, and its address into the field that is there without scripts.

import { ask } from "./server.js";

export function offerCover(form, { area, words, known }) {
  const address = form.elements.namedItem("cover");
  if (!address) return;
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = form.querySelector(".editor-tools input[type=file]").accept;
  picker.hidden = true;
  const button = makeButton(words.chooseCover);
  const library = makeButton(words.chooseKnown);
  const told = document.createElement("span");
  told.className = "told";
  told.setAttribute("role", "status");
  const take = (place, alt) => {
    address.value = place;
    address.dispatchEvent(new Event("input", { bubbles: true }));
    const shown = form.elements.namedItem("cover_alt");
    if (shown && alt) shown.value = alt;
    shown?.focus();
  };
  address.after(button, library, told, picker);
  library.addEventListener("click", async () => {
    const chosen = await known.choose();
    if (chosen) take(chosen.address, chosen.alt);
    else library.focus();
  });
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
      told.textContent = "";
      take(answer.image_path, answer.alt);
    } catch (error) {
      told.textContent = error.message || words.failed;
    }
  });
}

function makeButton(name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choose-cover";
  button.textContent = name;
  return button;
}
