// 打字: the elder version shows the text box only when it is wanted.
import { resize } from "./composer.js";
import { isElder } from "./prefs.js";

const composer = document.getElementById("composer");
const button = document.getElementById("type-switch");
const input = document.getElementById("text");

function set(open) {
  composer.classList.toggle("open", open);
  button.setAttribute("aria-expanded", String(open));
  resize();
}

/** Opens the text box, with `text` to be corrected when there is some. */
export function openTyping(text = "") {
  set(true);
  if (text) input.value = text;
  resize();
  input.focus();
}

export function startTyping() {
  button.addEventListener("click", () => (composer.classList.contains("open") ? set(false) : openTyping()));
  document.getElementById("skip").addEventListener("click", () => { if (isElder()) set(true); });
  document.addEventListener("wenban:restore", () => set(true));
}
