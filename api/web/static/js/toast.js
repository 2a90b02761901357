// A small message that goes away by itself.
const element = document.getElementById("toast");
let timer;

export function toast(text) {
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => element.classList.remove("shown"), 3200);
}
