// Footnotes stand in the margin beside their sentence where the window has room. The notes at the end stay in the page,
// for keyboards, screen readers and paper, and step back only from view.
const content = document.querySelector(".e-content");
const refs = content ? content.querySelectorAll(".footnote-ref") : [];

for (const ref of refs) {
  const note = document.getElementById(decodeURIComponent(ref.hash.slice(1)));
  if (!note || note.querySelector("pre, table, ul, ol, blockquote, img")) continue;
  const aside = document.createElement("span");
  aside.className = "sidenote";
  aside.setAttribute("aria-hidden", "true");
  aside.dataset.number = ref.textContent;
  const words = note.cloneNode(true);
  words.querySelectorAll(".footnote-backref").forEach((link) => link.remove());
  words.querySelectorAll("a").forEach((link) => (link.tabIndex = -1));
  words.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
  const paragraphs = words.querySelectorAll("p");
  for (const part of paragraphs.length ? paragraphs : [words]) aside.append(...part.childNodes, " ");
  (ref.closest("sup") ?? ref).after(aside);
}

if (content && refs.length && content.querySelectorAll(".sidenote").length === refs.length) {
  content.classList.add("with-sidenotes");
}
