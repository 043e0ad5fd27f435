// Keys for the queue. Each presses a button that is there anyway; the place is kept while the page comes anew.

const PLACE = "moderate.place";
const cards = [...document.querySelectorAll(".queue .card")];
const boxes = [...document.querySelectorAll(".queue .action-select")];
let here = -1;

function goTo(place) {
  if (!cards.length) return;
  here = Math.max(0, Math.min(place, cards.length - 1));
  cards[here].focus();
  cards[here].scrollIntoView({ block: "nearest" });
}

function press(key) {
  const scope = key === "u" ? document.getElementById("bulk") : cards[here];
  const control = scope?.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  sessionStorage.setItem(PLACE, here);
  control.click();
  if (key === "c") control.closest("details").querySelector("textarea").focus();
}

function choose() {
  const box = cards[here]?.querySelector(".action-select");
  if (box) box.checked = !box.checked;
}

const keys = {
  j: () => goTo(here + 1),
  k: () => goTo(here - 1),
  x: choose,
  ...Object.fromEntries([..."asrcu"].map((key) => [key, () => press(key)])),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("focusin", (event) => {
  const place = cards.indexOf(event.target.closest(".card"));
  if (place >= 0) here = place;
});

const all = document.querySelector(".choose-all");
if (all) {
  all.hidden = false;
  all.firstElementChild.addEventListener("change", (event) => {
    for (const box of boxes) box.checked = event.target.checked;
  });
}
const help = document.querySelector(".keys");
if (help) help.hidden = false;

const kept = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (kept !== null) goTo(Number(kept));
