// After a reload: the server has put the history on the page. If an answer was still on its way, fetch it.
import { getText } from "./http.js";
import { addWaiting, lastTurn, replaceLog, toEnd } from "./log.js";

const TRIES = 6;

async function fetchAnswer() {
  const waiting = addWaiting();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    await new Promise((done) => { setTimeout(done, 1500 + 500 * attempt); });
    if (!waiting.isConnected) return;
    if (waiting !== lastTurn()) break; // the citizen has gone on
    const page = new DOMParser().parseFromString(await getText("/").catch(() => ""), "text/html");
    const turns = [...(page.getElementById("log")?.children ?? [])];
    if (turns.at(-1)?.matches(".from-assistant") && waiting === lastTurn()) {
      replaceLog(turns);
      toEnd();
      return;
    }
  }
  waiting.remove();
}

export function restore() {
  if (lastTurn() && !document.body.classList.contains("empty")) toEnd(); // the first page begins at its top
  if (lastTurn()?.matches(".from-citizen")) fetchAnswer();
}
