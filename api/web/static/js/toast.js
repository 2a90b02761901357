// A small message that goes away by itself.
import { isElder } from "./prefs.js";

const element = document.getElementById("toast");
let timer;

export function toast(text) {
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => element.classList.remove("shown"), isElder() ? 8000 : 3200);
}
