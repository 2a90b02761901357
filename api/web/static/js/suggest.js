// Suggestions while typing: by keyboard and by touch. A textarea may not be a
// combobox in ARIA, so it stays a text box with an active descendant, and the number found is announced.
import { submitText } from "./composer.js";
import { getJson } from "./http.js";
import { isElder } from "./prefs.js";
import { S } from "./strings.js";

const input = document.getElementById("text");
const list = document.getElementById("suggestions");
const count = document.getElementById("suggestion-count");
let timer;
let asked = 0;
let active = -1;

function close() {
  clearTimeout(timer);
  asked += 1;
  list.hidden = true;
  active = -1;
  count.textContent = "";
  input.removeAttribute("aria-activedescendant");
}

function option(suggestion, index, query) {
  const row = document.createElement("div");
  row.className = "suggestion";
  row.id = `suggestion-${index}`;
  row.role = "option";
  row.ariaSelected = "false";
  row.dataset.text = suggestion.text;
  const text = document.createElement("span");
  const at = suggestion.text.indexOf(query);
  if (at >= 0 && query) {
    const mark = document.createElement("mark");
    mark.textContent = query;
    text.append(suggestion.text.slice(0, at), mark, suggestion.text.slice(at + query.length));
  } else {
    text.textContent = suggestion.text;
  }
  const kind = document.createElement("span");
  kind.className = "tag";
  kind.textContent = S.kinds[suggestion.kind] ?? "";
  row.append(text, kind);
  return row;
}

async function ask() {
  const query = input.value.trim();
  if (!query || query.length > 40 || query.includes("\n")) return close();
  const number = (asked += 1);
  const found = await getJson(`/v1/suggest?q=${encodeURIComponent(query)}`).catch(() => []);
  if (number !== asked || input.value.trim() !== query) return undefined;
  if (!found.length) return close();
  list.replaceChildren(...found.slice(0, isElder() ? 3 : 6).map((suggestion, index) => option(suggestion, index, query)));
  list.hidden = false;
  active = -1;
  count.textContent = S.suggestions(list.children.length);
  return undefined;
}

function mark(index) {
  const rows = [...list.children];
  active = (index + rows.length + 1) % (rows.length + 1);
  rows.forEach((row, number) => { row.ariaSelected = String(number === active); });
  const row = rows[active];
  if (row) {
    input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  } else {
    active = -1;
    input.removeAttribute("aria-activedescendant");
  }
}

export function startSuggestions() {
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return;
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("compositionend", () => { timer = setTimeout(ask, 150); });
  // Before the composer's own handler: Enter on a marked suggestion chooses it.
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const rows = list.children.length;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active < 0 ? rows - 1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) submitText(list.children[active].dataset.text);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".suggestion");
    if (row) submitText(row.dataset.text);
  });
  input.addEventListener("blur", () => setTimeout(close, 120));
  document.addEventListener("wenban:sent", close);
}
