// Speaking: hold the button, or tap to begin and tap to end, or the same with Space and Enter.
import { submitText } from "./composer.js";
import { heard, hideHeard } from "./heard.js";
import { HttpError, postFile } from "./http.js";
import { Live } from "./live.js";
import { isElder, voice } from "./prefs.js";
import { read } from "./reader.js";
import { Recorder } from "./recorder.js";
import { S } from "./strings.js";
import { openTyping } from "./typing.js";

const HOLD = 450; // a shorter press is a tap
const SHORT = 350;
const MOST = 30000;
const NO_SERVICE = new Set([404, 405, 501]);
const ABSENT = "hearing_absent";
const status = document.getElementById("talk-status");
const buttons = [document.getElementById("talk"), document.getElementById("talk-small")];
let state = "idle"; // idle, starting, listening, thinking
let recorder = null;
let live = null;
let pressedAt = 0;
let startedAt = 0;
let ending = false; // this press ended the recording: its release means nothing
let pressing = false;
let timer;

function show(next, text = "") {
  state = next;
  status.textContent = text;
  buttons.forEach((button, index) => {
    const on = next === "listening" || next === "starting";
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-busy", String(next === "thinking"));
    button.querySelector("[data-talk-word]").textContent = on ? S.talkEnd : [S.talk, S.talkSmall][index];
    if (next === "idle") button.style.removeProperty("--level");
  });
}

/** Says what went wrong, aloud too in the elder version. */
function tell(text) {
  show("idle", text);
  if (isElder() && voice.auto) read(text);
}

async function begin() {
  hideHeard();
  show("starting", S.talkStarting);
  document.dispatchEvent(new Event("wenban:listening"));
  recorder = new Recorder();
  try {
    await recorder.start((level) => buttons[0].style.setProperty("--level", level.toFixed(2)));
  } catch (error) {
    recorder.cancel();
    show("idle", S.noMicrophone[error.reason] ?? S.noMicrophone.missing);
    setTimeout(openTyping); // a refusal may come before the press has put the focus on the button
    return;
  }
  if (state !== "starting") return;
  startedAt = performance.now();
  timer = setTimeout(end, MOST);
  show("listening", S.talkListening);
  live = new Live();
  live.open(recorder.stream, {
    onText: (text) => { if (state === "listening" || state === "thinking") status.textContent = text; },
    onSilence: () => { if (!pressing) end(); }, // who holds the button says when it is over
  });
}

async function end() {
  clearTimeout(timer);
  if (state !== "listening") return;
  show("thinking", S.talkThinking);
  try {
    if (performance.now() - startedAt < SHORT) {
      live.cancel();
      recorder.cancel();
      tell(S.talkShort);
      return;
    }
    const streamed = live.end();
    streamed.catch(() => {}); // awaited below, once the recording is closed
    const wav = await recorder.stop();
    const result = (await streamed) ?? (await postFile("/v1/transcriptions", "audio", wav, "speech.wav"));
    show("idle");
    understood(result);
  } catch (error) {
    failed(error);
  }
}

function understood({ text = "", uncertain = false, suggestion = "" }) {
  const words = text.trim();
  if (!words) tell(S.talkNothing);
  else if (uncertain) heard(words, (suggestion || "").trim(), toggle);
  else submitText(words);
}

function failed(error) {
  const known = error instanceof HttpError;
  const missing = known && (NO_SERVICE.has(error.status) || error.code === ABSENT || (error.status === 503 && !error.code));
  const said = known ? { 413: S.talkLong }[error.status] ?? error.message : S.talkNothing;
  tell(missing ? S.talkNoService : said);
  if (missing) openTyping();
}

function cancel() {
  if (state !== "listening" && state !== "starting") return;
  clearTimeout(timer);
  live?.cancel();
  recorder.cancel();
  show("idle");
}

function toggle() {
  if (state === "idle") begin();
  else if (state === "listening") end();
}

function down() {
  ending = state === "listening";
  pressing = true;
  pressedAt = performance.now();
  toggle();
}

function up() {
  pressing = false;
  // A long press ends with its release. While the browser still asks for the microphone, a release is not an end.
  if (!ending && state === "listening" && performance.now() - pressedAt > HOLD) end();
  ending = false;
}

const isPress = (event) => event.key === " " || event.key === "Enter";

function listenTo(button) {
  let pointed = 0;
  button.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointed = performance.now();
    button.setPointerCapture(event.pointerId);
    down();
  });
  button.addEventListener("pointerup", () => { pointed = performance.now(); up(); });
  button.addEventListener("pointercancel", up);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (!isPress(event)) return;
    event.preventDefault();
    if (!event.repeat) down();
  });
  button.addEventListener("keyup", (event) => {
    if (!isPress(event)) return;
    event.preventDefault();
    up();
  });
  // A screen reader clicks without pointer or key.
  button.addEventListener("click", () => { if (performance.now() - pointed > 800) toggle(); });
}

export function startTalk() {
  buttons.forEach(listenTo);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") cancel(); });
  document.addEventListener("wenban:sent", () => { if (state === "idle") show("idle"); });
  document.addEventListener("wenban:pressed", () => { if (state === "idle") show("idle"); });
}
