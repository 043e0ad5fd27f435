// Light or dark by the reader's own choice. This is the one script that runs before the page is drawn, and it is short:
// a page that turned dark a moment later would flash. Without a choice the system's stands.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const other = { dark: "light", light: "dark" };
  let chosen, shown;
  const show = () => {
    try {
      chosen = localStorage.theme;
    } catch {} // storage is switched off
    shown = chosen ?? (system.matches ? "dark" : "light");
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    // What the browser paints around the page goes with it.
    document.querySelectorAll("meta[name=theme-color]").forEach((colour, dark) => {
      const scheme = dark ? "dark" : "light";
      colour.media = chosen ? (chosen === scheme ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
    });
    document.querySelectorAll("theme-button").forEach((place) => place.name());
  };
  // The button is there only where it can do something, from the moment its place is drawn.
  class ThemeButton extends HTMLElement {
    connectedCallback() {
      this.innerHTML = "<button type=button>";
      this.name();
      this.onclick = () => {
        const wanted = other[shown];
        try {
          if (system.matches === (wanted === "dark")) delete localStorage.theme;
          else localStorage.theme = wanted;
        } catch {}
        show();
      };
    }
    name() {
      this.firstChild.textContent = this.dataset[other[shown]];
    }
  }
  show();
  customElements.define("theme-button", ThemeButton);
  system.onchange = onstorage = show;
})();
