// The panel of matters: beside the chat on a desktop, a sheet over it on a phone.
const panel = document.getElementById("panel");
const shade = document.querySelector(".panel-shade");
const opener = document.getElementById("open-panel");
const main = document.querySelector("main");
const wide = matchMedia("(width >= 1024px)");
let from = null;

function open(source) {
  if (wide.matches) return;
  from = source;
  panel.classList.add("open");
  shade.hidden = false;
  main.inert = true;
  opener.setAttribute("aria-expanded", "true");
  panel.querySelector(".panel-close").focus({ preventScroll: true });
}

export function closePanel() {
  if (!panel.classList.contains("open")) return;
  panel.classList.remove("open");
  shade.hidden = true;
  main.inert = false;
  opener.setAttribute("aria-expanded", "false");
  from?.focus({ preventScroll: true });
}

function openStage(stage, source) {
  const group = panel.querySelector(`details[data-stage="${stage}"]`);
  if (!group) return false;
  panel.querySelectorAll("details[open]").forEach((other) => { other.open = other === group; });
  group.open = true;
  open(source);
  group.scrollIntoView({ block: wide.matches ? "nearest" : "start" });
  if (wide.matches) group.querySelector("summary").focus();
  return true;
}

export function startPanel() {
  opener.addEventListener("click", () => open(opener));
  panel.querySelector(".panel-close").addEventListener("click", closePanel);
  shade.addEventListener("click", closePanel);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePanel(); });
  document.addEventListener("wenban:pressed", closePanel);
  wide.addEventListener("change", closePanel);
  document.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-open-stage]");
    if (tile && openStage(tile.dataset.openStage, tile)) event.preventDefault();
  });
}
