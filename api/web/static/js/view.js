// Type size, colours and motion: buttons of a plain form, done here without leaving the page.
import { looks, restoreLooks, setLooks, SIZES } from "./prefs.js";
import { S } from "./strings.js";

const status = document.getElementById("view-status");
const buttons = (change) => document.querySelectorAll(`button[name="change"][value="${change}"]`);

function mark() {
  const { size, theme, motion } = looks();
  buttons("smaller").forEach((button) => button.setAttribute("aria-disabled", String(size === SIZES[0])));
  buttons("bigger").forEach((button) => button.setAttribute("aria-disabled", String(size === SIZES.at(-1))));
  buttons("theme").forEach((button) => button.setAttribute("aria-pressed", String(theme === "contrast")));
  buttons("motion").forEach((button) => {
    button.setAttribute("aria-pressed", String(motion === "less"));
    const word = button.querySelector("[data-state-word]");
    if (word) word.textContent = motion === "less" ? S.on : S.off;
  });
}

function change(name) {
  const { size, theme, motion } = looks();
  const step = SIZES.indexOf(size) + { bigger: 1, smaller: -1 }[name];
  if (name === "theme") setLooks({ theme: theme === "contrast" ? "auto" : "contrast" });
  else if (name === "motion") setLooks({ motion: motion === "less" ? "auto" : "less" });
  else if (SIZES[step]) setLooks({ size: SIZES[step] });
  mark();
  const now = looks();
  status.textContent = { theme: now.theme === "contrast" ? S.contrastOn : S.contrastOff, motion: now.motion === "less" ? S.calmOn : S.calmOff }[name] ?? S.sizeNow(now.size);
  document.dispatchEvent(new Event("wenban:resized"));
}


export function startView() {
  restoreLooks();
  mark();
  document.getElementById("view-form").addEventListener("submit", (event) => {
    event.preventDefault();
    change(event.submitter.value);
  });
}
