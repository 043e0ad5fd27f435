// Once the contents list is out of sight, a line at the top of the window names the part one is reading, and opens the
// list again. It is a copy that floats above the page, so that nothing on the page moves.
const contents = document.querySelector(".toc");
const article = document.querySelector(".e-content");
const links = [...contents.querySelectorAll("a")];
const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

const bar = document.createElement("div");
bar.className = "reading";
const fold = document.createElement("details");
const line = document.createElement("summary");
const list = contents.querySelector("nav").cloneNode(true);
list.className = "";
fold.append(line, list);
bar.append(fold);
document.body.append(bar);
const copies = [...list.querySelectorAll("a")];
const title = contents.querySelector("summary").textContent;

function follow() {
  const past = contents.getBoundingClientRect().bottom < 0;
  const shown = past && article.getBoundingClientRect().bottom > 120;
  bar.classList.toggle("shown", shown);
  if (!shown) return;
  const at = headings.findLastIndex((heading) => heading && heading.getBoundingClientRect().top < 90);
  line.textContent = at < 0 ? title : links[at].textContent;
  copies.forEach((link, place) => (link.ariaCurrent = place === at ? "true" : null));
}

addEventListener("scroll", follow, { passive: true });
list.addEventListener("click", () => (fold.open = false));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && fold.open) {
    fold.open = false;
    line.focus();
  }
});
follow();
