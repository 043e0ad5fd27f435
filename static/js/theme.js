// Light or dark by the reader's own choice. This is the one script that runs before the page is drawn, and it is short:
// a page that turned dark a moment later would flash. Without a choice the system's stands.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const other = { dark: "light", light: "dark" };
  const systems = () => (system.matches ? "dark" : "light");
  const choice = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is switched off
    }
  };
  const shown = () => choice() ?? systems();
  const show = () => {
    const chosen = choice();
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    // What the browser paints around the page goes with it.
    document.querySelectorAll("meta[name=theme-color]").forEach((colour, at) => {
      const scheme = at ? "dark" : "light";
      colour.media = chosen ? (chosen === scheme ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
    });
    document.querySelectorAll("theme-button button").forEach(label);
  };
  const label = (button) => (button.textContent = button.parentElement.dataset[other[shown()]]);
  const choose = (wanted) => {
    try {
      if (wanted === systems()) localStorage.removeItem("theme");
      else localStorage.setItem("theme", wanted);
    } catch {
      return;
    }
    show();
  };
  // The button is there only where it can do something, from the moment its place is drawn.
  class ThemeButton extends HTMLElement {
    connectedCallback() {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      this.replaceChildren(button);
      label(button);
      button.addEventListener("click", () => choose(other[shown()]));
    }
  }
  show();
  customElements.define("theme-button", ThemeButton);
  system.addEventListener("change", show);
  addEventListener("storage", show);
})();
