// Keys for the queue. Each presses a button that is there anyway. The decision is sent from here and the queue comes anew
// in place, so that no key is lost, nor meets another comment than the one it was meant for, while a page loads.

const MAIN = "content-start";
let cards = [];
let here = -1;

const OFF = "moderate:no-keys"; // whoever speaks to the machine presses keys without meaning to

function take() {
  cards = [...document.querySelectorAll(".queue .card")];
  for (const hidden of document.querySelectorAll(".choose-all, .keys")) hidden.hidden = false;
  const keys = document.querySelector(".keys input");
  if (keys) keys.checked = !localStorage.getItem(OFF);
}

function goTo(place) {
  if (!cards.length) return;
  here = Math.max(0, Math.min(place, cards.length - 1));
  cards[here].focus();
  cards[here].scrollIntoView({ block: "nearest" });
}

async function press(key) {
  const scope = key === "u" ? document.getElementById("bulk") : cards[here];
  const control = scope?.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  if (control.matches("button")) return decide(control);
  control.click(); // opens the field for a reply, or leads to the page with the ban
  control.closest("details")?.querySelector("textarea").focus();
}

async function decide(button) {
  const data = new FormData(button.form, button);
  let page = null;
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: data });
    if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    // No line: the browser says so when the button is pressed for it.
  }
  if (!page?.querySelector(".queue")) {
    button.dataset.plain = "";
    button.click();
    return;
  }
  document.getElementById(MAIN).replaceWith(page.getElementById(MAIN));
  take();
  goTo(here);
}

function choose() {
  const box = cards[here]?.querySelector(".action-select");
  if (box) box.checked = !box.checked;
}

const keys = {
  j: () => goTo(here + 1),
  k: () => goTo(here - 1),
  x: choose,
  ...Object.fromEntries([..."asrbcu"].map((key) => [key, () => press(key)])),
};

// One after the other: a key pressed while a decision is under way means the queue that comes after it.
let done = Promise.resolve();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act || localStorage.getItem(OFF)) return;
  event.preventDefault();
  done = done.then(act);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-key]");
  if (!button || "plain" in button.dataset) return;
  event.preventDefault();
  done = done.then(() => button.isConnected && decide(button));
});

document.addEventListener("focusin", (event) => {
  const place = cards.indexOf(event.target.closest(".card"));
  if (place >= 0) here = place;
});

document.addEventListener("change", (event) => {
  if (event.target.closest(".keys")) {
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  }
  if (!event.target.closest(".choose-all")) return;
  for (const box of document.querySelectorAll(".queue .action-select")) box.checked = event.target.checked;
});

take();
