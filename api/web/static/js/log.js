// The conversation on the page: adding turns and keeping the newest in view.
import { few } from "./few.js";
import { calm, isElder } from "./prefs.js";

const log = document.getElementById("log");
const scroll = document.getElementById("scroll");
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export function addCitizen(text) {
  document.body.classList.remove("empty");
  const turn = copy("citizen-template");
  turn.querySelector(".bubble p").textContent = text;
  turn.classList.add("arriving");
  log.append(turn);
  toEnd();
  return turn;
}

export function setState(turn, text, { failed = false, action = "", onAction } = {}) {
  const state = turn.querySelector(".send-state");
  state.hidden = !text;
  state.classList.toggle("failed", failed);
  state.querySelector("span").textContent = text || "";
  const button = state.querySelector("button");
  button.textContent = action;
  button.onclick = onAction || null;
}

export function addWaiting() {
  const turn = copy("waiting-template");
  log.append(turn);
  toEnd();
  return turn;
}

/** Adds the answer that the server rendered; earlier questions can then no longer be pressed. */
export function addReply(html, after) {
  log.querySelectorAll(".live").forEach((turn) => turn.classList.remove("live"));
  const template = document.createElement("template");
  template.innerHTML = html;
  const turn = template.content.firstElementChild;
  turn.classList.add("arriving");
  few(turn);
  log.append(turn);
  show(turn, after);
  keepFocus(turn);
  return turn;
}

/** Adds what a department has done; the question being asked stays the one that is answered. */
export function addNotice(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const turn = template.content.firstElementChild;
  turn.classList.add("arriving");
  log.append(turn);
  const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < turn.offsetHeight + 200;
  if (near) toEnd();
}

/** When the button that was pressed is gone, the keyboard goes on from the new answer. */
function keepFocus(turn) {
  const focused = document.activeElement;
  if (!focused || focused === document.body || !focused.checkVisibility()) turn.focus({ preventScroll: true });
}

/** Shows the end, but never scrolls the start of a long answer out of view. */
function show(turn, question) {
  const top = (question || turn).offsetTop - scroll.offsetTop - 12;
  const end = scroll.scrollHeight - scroll.clientHeight;
  scroll.scrollTo({ top: Math.min(top, end), behavior: calm() || isElder() ? "auto" : "smooth" });
}

export function toEnd(behavior = "auto") {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
}

export const lastTurn = () => log.lastElementChild;
export const replaceLog = (nodes) => log.replaceChildren(...nodes);
