// The console: Markdown preview while typing, a warning before unsaved work is lost, filters without a button.
document.documentElement.classList.add("js");

const form = document.getElementById("entry-form");
let timer;
let changed = false;

async function preview() {
  const { csrf, answer } = form.elements;
  const body = new URLSearchParams({ csrf: csrf.value, answer: answer.value });
  const response = await fetch(form.dataset.preview, { method: "POST", body }).catch(() => null);
  // The server has cleaned it with the same code that citizens' pages use.
  if (response?.ok) document.getElementById("preview").innerHTML = await response.text();
}

form?.addEventListener("input", (event) => {
  changed = true;
  if (event.target.name !== "answer") return;
  clearTimeout(timer);
  timer = setTimeout(preview, 300);
});
form?.addEventListener("submit", () => { changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

document.querySelector(".filters")?.addEventListener("change", (event) => {
  if (event.target.matches("select")) event.currentTarget.requestSubmit();
});
document.querySelector("tr[aria-current]")?.scrollIntoView({ block: "nearest" });
