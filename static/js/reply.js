// Writing in place: the form comes to where it is asked for, keeps a draft, shows a preview, and is sent without leaving
// the page. The same forms work on pages of their own without this.
let opened = null;

const make = (tag, values) => Object.assign(document.createElement(tag), values);

async function pageAt(url, options) {
  const response = await fetch(url, options);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, page, form: page.querySelector(".comment-form") };
}

function say(form, sentence) {
  let line = form.querySelector(".said");
  if (!line) {
    line = make("p", { className: "said soft", role: "status" });
    form.querySelector(".buttons").before(line);
  }
  line.textContent = sentence;
}

// A browser that keeps nothing keeps no drafts.
function store(key, text) {
  try {
    if (text.trim()) localStorage[key] = text;
    else delete localStorage[key];
  } catch {}
}

function stored(key) {
  try {
    return localStorage[key] ?? "";
  } catch {
    return "";
  }
}

// Who writes, if that was asked for

const AUTHOR = ["author_name", "author_email", "author_url"];
let isToBeKept = stored("author") !== "";

function recall(form) {
  if (!form.elements.author_url) return;
  const known = stored("author") ? JSON.parse(stored("author")) : {};
  for (const name of AUTHOR) form.elements[name].value ||= known[name] ?? "";
  const label = make("label", { className: "keep" });
  const box = make("input", { type: "checkbox", checked: isToBeKept });
  label.append(box, ` ${form.dataset.keep}`);
  form.elements.author_url.closest(".field").after(label);
  box.addEventListener("change", () => {
    isToBeKept = box.checked;
    if (!isToBeKept) store("author", "");
  });
}

function keepAuthor(form) {
  if (!form.elements.author_url || !isToBeKept) return;
  const known = AUTHOR.map((name) => [name, form.elements[name].value]);
  store("author", JSON.stringify(Object.fromEntries(known)));
}

// The draft

const draftOf = (form) => `draft:${new URL(form.action).pathname}`;

function restore(form) {
  const draft = stored(draftOf(form));
  const area = form.elements.body;
  const given = area.value.trim();
  if (!draft || draft.trim() === given || form.querySelector(".errorlist")) return;
  area.value = given && !draft.includes(given) ? `${draft.trimEnd()}\n\n${area.value.trimStart()}` : draft;
  say(form, form.dataset.restored);
}

// The preview

async function preview(form) {
  const words = new FormData(form);
  words.set("preview", "");
  const { page } = await pageAt(form.action, { method: "POST", body: words });
  const shown = page.querySelector("#preview");
  document.getElementById("preview")?.remove();
  if (shown && form.isConnected) form.after(shown);
}

// Sending

async function send(form, words) {
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  try {
    const { response, page, form: again } = await pageAt(form.action, { method: "POST", body: words });
    if (again) return showErrors(form, again);
    // The token may have been too old: with the one that came with the answer the form can be sent once more.
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    if (!response.ok) throw new Error(response.status);
    store(draftOf(form), "");
    keepAuthor(form);
    if (opened?.form === form) showSent(page);
    else location.assign(response.url);
  } catch {
    say(form, form.dataset.failed);
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

function showErrors(form, again) {
  form.replaceWith(again);
  if (opened?.form === form) opened.form = again;
  enhance(again);
  const wrong = again.querySelector("[aria-invalid=true]") ?? again.querySelector(".errorlist");
  wrong.tabIndex = Math.max(wrong.tabIndex, -1);
  wrong.focus();
}

function showSent(page) {
  const { place, box } = opened;
  const item = page.querySelector("article.here")?.closest("li");
  const told = item ? item.querySelector("article") : page.querySelector("main");
  const own = page.querySelector(".own");
  opened = null;
  if (item) {
    if (own) told.querySelector(".acts").before(own);
    listBelow(place).append(item);
    box.remove();
    const count = document.querySelector("#discussion .count");
    if (count) count.textContent = Number(count.textContent) + 1;
  } else {
    const thanks = make("b", { textContent: told.querySelector("h1").textContent });
    box.replaceChildren(thanks, ...told.querySelectorAll("h1 ~ :not(:last-child)"));
  }
  const shown = item ? told : box;
  shown.tabIndex = -1;
  shown.focus();
}

function listBelow(place) {
  const holder = place.closest("details") ?? place.closest(".thread");
  let list = [...holder.children].find((child) => child.matches("ol:not(.above)"));
  if (!list) holder.append((list = make("ol")));
  return list;
}

// The form in its place

async function open(link, url = link.href) {
  close();
  const place = link.closest("article") ?? link.closest(".thread").querySelector(".threadtools");
  const { form } = await pageAt(url);
  if (!form) return location.assign(url);
  const box = make("div", { className: "reply" });
  box.append(form);
  place.after(box);
  opened = { form, place, box, link };
  form.querySelector(".buttons a").addEventListener("click", (event) => {
    event.preventDefault();
    close();
    link.focus();
  });
  enhance(form);
  form.elements.body.focus();
  form.elements.body.setSelectionRange(1e6, 1e6);
}

function close() {
  opened?.box.remove();
  document.getElementById("preview")?.remove();
  opened = null;
}

function enhance(form) {
  let waiting;
  if (form.elements.stamp) restore(form);
  recall(form);
  form.elements.body.addEventListener("input", () => {
    store(draftOf(form), form.elements.body.value);
    clearTimeout(waiting);
    waiting = setTimeout(() => preview(form).catch(() => {}), 700);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    if (event.submitter?.name === "preview") preview(form).catch(() => say(form, form.dataset.failed));
    else send(form, new FormData(form));
  });
}

document.querySelectorAll(".comment-form").forEach(enhance);

addEventListener("click", (event) => {
  const link = event.target.closest?.(".acts a[href*='/reply/'], .threadtools a[data-write]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});

// Quoting what is selected

const thread = document.querySelector(".thread[data-quote]");
const button = make("button", { className: "quote-selection", hidden: true });

function selected() {
  const selection = getSelection();
  // Leaves out what is no part of the text, as notes in the margin.
  document.documentElement.classList.add("quoting");
  const words = selection.isCollapsed ? "" : selection.toString().trim();
  document.documentElement.classList.remove("quoting");
  const around = words && selection.getRangeAt(0).commonAncestorContainer;
  const element = around && (around.closest ? around : around.parentElement);
  const place = element && element.closest(".e-content, .thread article");
  if (!place) return null;
  const inComment = place.matches("article");
  const link = inComment ? place.querySelector(".acts a[href*='/reply/']") : thread.querySelector("[data-write]");
  return link && { words, link, box: selection.getRangeAt(0).getBoundingClientRect() };
}

if (thread) {
  button.textContent = thread.dataset.quote;
  document.body.append(button);
  document.addEventListener("selectionchange", () => {
    const found = selected();
    button.hidden = !found;
    if (!found) return;
    button.style.top = `${found.box.bottom + scrollY + 8}px`;
    button.style.left = `${Math.max(found.box.left, 8)}px`;
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const { words, link } = selected();
    const url = new URL(link.href);
    url.searchParams.set("quote", words.slice(0, 2000));
    getSelection().removeAllRanges();
    open(link, url).catch(() => location.assign(url));
  });
}
