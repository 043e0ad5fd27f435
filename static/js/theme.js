// Light or dark by the reader's own choice. This is the one script that runs before the page is drawn, and it is short:
// a page that turned dark a moment later would flash. Without a choice the system's stands.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const choice = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is switched off
    }
  };
  const show = () => {
    const chosen = choice();
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    root.dataset.shown = chosen ?? (system.matches ? "dark" : "light");
  };
  const choose = (wanted) => {
    const isSystems = wanted === (system.matches ? "dark" : "light");
    try {
      if (isSystems) localStorage.removeItem("theme");
      else localStorage.setItem("theme", wanted);
    } catch {
      return;
    }
    show();
  };
  root.dataset.scripts = "";
  show();
  system.addEventListener("change", show);
  addEventListener("storage", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".theme button");
    if (!button) return;
    choose(button.className === "to-dark" ? "dark" : "light");
    document.querySelector(`.theme .to-${root.dataset.shown === "dark" ? "light" : "dark"}`)?.focus();
  });
})();
