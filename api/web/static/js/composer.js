// The input: grows to four lines, Enter sends, Shift+Enter breaks, and no key is taken from an input method.
import { sayText } from "./chat.js";

const form = document.getElementById("composer");
const input = document.getElementById("text");
const send = form.querySelector(".send");

export function resize() {
  input.style.height = "auto";
  const most = parseFloat(getComputedStyle(input).maxHeight);
  input.style.height = `${Math.min(input.scrollHeight, most)}px`;
  input.style.overflowY = input.scrollHeight > most ? "auto" : "hidden";
  send.disabled = !input.value.trim();
}

export function submitText(text) {
  const words = text.trim();
  if (!words) return;
  input.value = "";
  resize();
  document.dispatchEvent(new Event("wenban:sent"));
  sayText(words);
}

export function startComposer() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitText(input.value);
    input.focus();
  });
  input.addEventListener("keydown", (event) => {
    // 229 is what Safari reports for the Enter that ends a composition.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    event.preventDefault();
    form.requestSubmit();
  });
  input.addEventListener("input", resize);
  document.addEventListener("wenban:restore", ({ detail }) => {
    if (!input.value) input.value = detail;
    resize();
  });
  document.addEventListener("wenban:resized", resize);
  resize();
  if (matchMedia("(hover: hover) and (width >= 1024px)").matches) input.focus({ preventScroll: true });
}
