// 长辈版: the same page with other tokens, remembered by this browser.
import { resize } from "./composer.js";
import { postForm } from "./http.js";
import { S } from "./strings.js";

const KEY = "wenban.mode";
const root = document.documentElement;
const button = document.getElementById("mode-switch");

function remembered() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

export function setMode(mode) {
  const elder = mode === "elder";
  root.dataset.mode = mode;
  button.value = elder ? "standard" : "elder";
  button.setAttribute("aria-pressed", String(elder));
  button.querySelector("span").textContent = elder ? S.standard : S.elder;
  try { localStorage.setItem(KEY, mode); } catch { /* private window: the cookie still remembers */ }
  postForm("/chat/mode", { mode }).catch(() => {});
  resize();
}

export function startMode() {
  const mode = remembered();
  if (mode && mode !== root.dataset.mode) setMode(mode);
  document.getElementById("mode-form").addEventListener("submit", (event) => {
    event.preventDefault();
    setMode(root.dataset.mode === "elder" ? "standard" : "elder");
  });
}
