// 长辈版: the same page with other tokens, kept for this citizen; by button, by link and by word of mouth.
import { cookie, isElder } from "./prefs.js";
import { S } from "./strings.js";

const KEY = "wenban.mode";
const root = document.documentElement;
const button = document.getElementById("mode-switch");
const SPOKEN = { elder_mode: "elder", standard_mode: "standard" };

function remembered() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

function keep(mode) {
  cookie("wenban_mode", mode);
  try { localStorage.setItem(KEY, mode); } catch { /* private window: the cookie still remembers */ }
}

export function setMode(mode) {
  const elder = mode === "elder";
  root.dataset.mode = mode;
  button.value = elder ? "standard" : "elder";
  button.setAttribute("aria-pressed", String(elder));
  button.querySelector("span").textContent = elder ? S.standard : S.elder;
  document.getElementById("first-question")?.remove();
  keep(mode);
  document.dispatchEvent(new CustomEvent("wenban:mode", { detail: mode }));
  document.dispatchEvent(new Event("wenban:resized"));
}

function submitted(event) {
  event.preventDefault();
  const before = document.activeElement;
  setMode(event.submitter.value === "elder" ? "elder" : "standard");
  // What was pressed may be gone now: go on from the top of what has come in its place.
  if (!before?.isConnected || !before.checkVisibility()) {
    (isElder() && document.body.classList.contains("empty") ? document.getElementById("elder-title") : button).focus({ preventScroll: true });
  }
}

export function startMode() {
  const address = new URL(location.href);
  const mode = remembered();
  if (address.searchParams.has("mode")) {
    keep(root.dataset.mode);
    address.searchParams.delete("mode"); // so that a reload does not undo a later choice
    history.replaceState(null, "", address);
  } else if (["elder", "standard"].includes(mode) && mode !== root.dataset.mode) {
    setMode(mode);
  }
  document.getElementById("mode-form").addEventListener("submit", submitted);
  document.getElementById("first-form")?.addEventListener("submit", submitted);
  // Before reading aloud hears of the same reply: it then reads in the new version's way.
  document.addEventListener("wenban:reply", ({ detail }) => {
    const asked = SPOKEN[detail.turn?.note];
    if (asked && asked !== root.dataset.mode) setMode(asked);
  });
}
