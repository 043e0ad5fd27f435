// Results while one types: the same page as without a script, of which the results are taken.
const form = document.querySelector("main form.search");
const field = form.querySelector("input[type=search]");
let timer, request;

async function search() {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, value);
  request?.abort();
  request = new AbortController();
  try {
    const answer = await fetch(address, { signal: request.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("found").replaceWith(page.getElementById("found"));
    document.title = page.title;
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

field.addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(search, 250);
});
field.addEventListener("compositionend", () => (timer = setTimeout(search, 250)));
