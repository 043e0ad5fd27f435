// The page as readers will see it, in a frame of its own: no name, id or style of it meets those of the form.
// Scripts do not run there. Both panes scroll in step, by the lines that the site's renderer notes at each block.

const DESKTOP = 780; // the column with its margins; a narrower pane shows it smaller
const PHONE = 390;

export class Preview {
  constructor(pane, field) {
    this.pane = pane;
    this.field = field;
    this.frame = pane.querySelector("iframe");
    this.sizes = pane.querySelector(".preview-sizes");
    this.width = localStorage.getItem("commonplace.width") === "phone" ? "phone" : "desktop";
    this.ready = this.open();
    this.sizes.addEventListener("click", (event) => this.choose(event.target.closest("button")));
    new ResizeObserver(() => this.fit()).observe(pane);
    new ResizeObserver(() => (this.steps = null)).observe(field.area);
    field.area.addEventListener("input", () => (this.steps = null));
    field.area.addEventListener("scroll", () => this.follow(field.area), { passive: true });
    for (const name of ["pointerenter", "focus", "keydown"]) {
      field.area.addEventListener(name, () => (this.leader = field.area));
    }
  }

  async open() {
    const head = this.pane.querySelector("template").innerHTML;
    const { lang, dir } = document.documentElement;
    const loaded = new Promise((resolve) => this.frame.addEventListener("load", resolve, { once: true }));
    this.frame.srcdoc = `<!doctype html><html lang="${lang}" dir="${dir}"><head>${head}</head><body><main id="main"></main></body></html>`;
    await loaded;
    this.page = this.frame.contentDocument;
    const within = this.frame.contentWindow;
    this.page.addEventListener("click", (event) => this.lead(event));
    this.page.addEventListener("load", () => (this.steps = null), true);
    this.page.addEventListener("scroll", () => this.follow(within), { passive: true });
    for (const name of ["pointerover", "focus", "keydown"]) {
      within.addEventListener(name, () => (this.leader = within));
    }
    this.page.addEventListener("keydown", (event) => event.key === "Escape" && this.field.area.focus());
    this.fit();
  }

  async show(html) {
    await this.ready;
    const { scrollX, scrollY } = this.frame.contentWindow;
    this.page.getElementById("main").innerHTML = html;
    this.frame.contentWindow.scrollTo(scrollX, scrollY);
    this.steps = null;
    this.leader = this.field.area;
    this.follow(this.field.area);
  }

  // A link must not lead away from a text that is not saved.
  lead(event) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    const place = link.hash && this.page.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) place.scrollIntoView();
    else window.open(link.href, "_blank", "noopener");
  }

  // Width

  choose(button) {
    if (!button) return;
    this.width = button.value;
    localStorage.setItem("commonplace.width", this.width);
    this.fit();
  }

  fit() {
    for (const button of this.sizes.children) button.setAttribute("aria-pressed", String(button.value === this.width));
    const room = this.pane.clientWidth;
    if (!room) return;
    const width = this.width === "phone" ? Math.min(PHONE, room) : Math.max(DESKTOP, room);
    const scale = Math.min(1, room / width);
    this.frame.style.width = `${width}px`;
    this.frame.style.height = `${100 / scale}%`;
    this.frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    this.pane.classList.toggle("as-phone", this.width === "phone");
    this.steps = null;
  }

  // In step

  follow(moved) {
    if (moved !== this.leader || !this.page || !this.frame.clientHeight || !this.field.area.clientHeight) return;
    cancelAnimationFrame(this.moving);
    this.moving = requestAnimationFrame(() => {
      this.steps ??= this.measure();
      const { scrollTop } = this.field.area;
      if (moved === this.field.area) {
        this.frame.contentWindow.scrollTo(0, between(this.steps, 0, 1, scrollTop));
      } else {
        this.field.area.scrollTop = between(this.steps, 1, 0, this.frame.contentWindow.scrollY);
      }
    });
  }

  // Pairs of heights, in the text and on the page, from the beginning to the end of both.
  measure() {
    const room = (box) => Math.max(0, box.scrollHeight - box.clientHeight);
    const end = [room(this.field.area), room(this.page.documentElement)];
    const marked = [...this.page.querySelectorAll("[data-line]")];
    const lines = marked.map((block) => Number(block.dataset.line));
    const tops = this.field.topOf(lines);
    const above = this.frame.contentWindow.scrollY;
    const pairs = marked.map((block, index) => [tops[index], block.getBoundingClientRect().top + above]);
    const steps = [[0, 0]];
    for (const [text, page] of pairs) {
      const [lastText, lastPage] = steps.at(-1);
      if (text > lastText && page > lastPage && text < end[0] && page < end[1]) steps.push([text, page]);
    }
    return [...steps, end];
  }
}

function between(steps, from, to, height) {
  const index = Math.max(1, steps.findIndex((step) => step[from] >= height));
  const [before, after] = [steps[index - 1], steps[index] ?? steps.at(-1)];
  const size = after[from] - before[from];
  return size > 0 ? before[to] + ((height - before[from]) / size) * (after[to] - before[to]) : after[to];
}
