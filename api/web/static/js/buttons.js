// Buttons and controls that the server put into answers: without this script they are plain forms.
import { press, sayText } from "./chat.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

function pressed(event) {
  event.preventDefault();
  const button = event.submitter;
  if (!button) return;
  document.dispatchEvent(new Event("wenban:pressed"));
  if (button.name === "text") sayText(button.value);
  else press(JSON.parse(button.value), button.dataset.label || button.textContent.trim());
}

function filled(event) {
  const form = event.target;
  if (!form.matches?.("form.control")) return;
  event.preventDefault();
  const value = form.elements.value.value.trim();
  if (!value) {
    toast(S.required);
    form.elements.value.focus();
    return;
  }
  press({ do: "field", field: form.elements.field.value, value }, value.slice(0, 200));
}

export function startButtons() {
  document.getElementById("press").addEventListener("submit", pressed);
  document.getElementById("log").addEventListener("submit", filled);
}
