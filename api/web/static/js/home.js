// The elder version's first page is always one tap away; the conversation waits behind it.
import { toEnd } from "./log.js";
import { isElder } from "./prefs.js";
import { stop } from "./reader.js";

const body = document.body;
const log = document.getElementById("log");
const back = document.getElementById("back-to-chat");

function home(event) {
  event.preventDefault();
  stop();
  back.hidden = !log.childElementCount;
  body.classList.add("empty");
  document.getElementById("scroll").scrollTo({ top: 0 });
  document.getElementById("elder-title").focus({ preventScroll: true });
}

function conversation(event) {
  event.preventDefault();
  body.classList.remove("empty");
  toEnd();
  log.lastElementChild?.focus({ preventScroll: true });
}

export function startHome() {
  document.getElementById("go-home").addEventListener("click", home);
  back.addEventListener("click", conversation);
  document.addEventListener("wenban:mode", () => {
    back.hidden = !log.childElementCount;
    if (!isElder() && log.childElementCount) body.classList.remove("empty");
  });
}
