// Reading a discussion: folded threads open for whoever is led into them, notes stand beside what is quoted,
// times are told as people tell them. Everything is in the page already and works without this.
const lang = document.querySelector(".thread")?.closest("[lang]").lang || undefined;

function arrive() {
  document.querySelectorAll(".arrived").forEach((mark) => mark.classList.remove("arrived"));
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target) return;
  let isHidden = false;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
    isHidden ||= !box.open;
    box.open = true;
  }
  if (isHidden) target.scrollIntoView();
  document.querySelectorAll(`[data-of~="${CSS.escape(id)}"]`).forEach((mark) => mark.classList.add("arrived"));
}

addEventListener("hashchange", arrive);
arrive();

// "Quoted in 2 replies": in the margin beside the passage, below its paragraph where there is no margin.
const margin = matchMedia("(min-width: 64rem)");
const notes = [...document.querySelectorAll(".passages [data-passage]")];

function place(note) {
  const key = note.dataset.passage;
  const last = [...document.querySelectorAll(`[data-of~="${key}"]`)].pop() ?? document.getElementById(key);
  const block = last?.closest(".e-content > *");
  if (!block) return;
  const paragraph = last.closest("p, li, dd, blockquote") ?? block;
  if (!/^(P|LI|DD)$/.test(paragraph.tagName)) return block.after(note);
  let spot = last;
  while (spot.parentElement !== paragraph) spot = spot.parentElement;
  if (margin.matches) spot.after(note);
  else paragraph.append(note);
}

if (notes.length) {
  const list = document.querySelector(".passages");
  notes.forEach(place);
  margin.addEventListener("change", () => notes.forEach(place));
  list.hidden = notes.every((note) => !list.contains(note));
}

// The exact time stays, as the element's title or its text.
const SECONDS = { year: 31536e3, month: 2592e3, week: 604800, day: 86400, hour: 3600, minute: 60, second: 1 };
const words = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });

export function tellTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
    const ago = (Date.now() - new Date(time.dateTime)) / 1000;
    const unit = Object.keys(SECONDS).find((unit) => ago >= SECONDS[unit]) ?? "second";
    const relative = words.format(-Math.floor(ago / SECONDS[unit]), unit);
    time.title = ago < SECONDS.week ? time.textContent : relative;
    if (ago >= SECONDS.week) continue;
    time.dataset.exact = time.textContent; // for paper
    time.textContent = relative;
  }
}

document.querySelectorAll(".thread").forEach(tellTimes);
