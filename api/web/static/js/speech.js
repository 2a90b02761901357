// Read aloud: on the answer's own buttons, by itself in the elder version, and by word of mouth (慢一点, 大声点, 停).
import { lastTurn } from "./log.js";
import { isElder, RATE, voice, VOLUME } from "./prefs.js";
import { applyVoice, read, reading, resume, stop } from "./reader.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

const bar = document.getElementById("read-bar");
const barText = document.getElementById("read-bar-text");
const barButton = document.getElementById("read-bar-button");
const listen = document.getElementById("listen");
let blocked = false;
let toldFailure = false;

const round = (value) => Math.round(value * 100) / 100;
const within = ({ least, most }, value) => Math.min(most, Math.max(least, round(value)));

function rate(change) {
  const next = within(RATE, voice.rate + change);
  if (next === voice.rate) toast(change < 0 ? S.slowest : S.fastest);
  voice.set({ rate: next });
}

function louder() {
  const next = within(VOLUME, voice.volume + VOLUME.step);
  if (next === voice.volume) toast(S.loudest);
  voice.set({ volume: next });
}

const textOf = (turn) => turn.querySelector("[data-speak]")?.dataset.speak ?? "";

function say(turn, source = null) {
  read(textOf(turn), { turn, source });
}

/** A spoken command changes the voice before the answer to it is read. */
const COMMANDS = {
  slower: () => rate(-RATE.step),
  faster: () => rate(RATE.step),
  louder,
};

function replied({ detail }) {
  const note = detail.turn?.note;
  COMMANDS[note]?.();
  if (note === "stop") stop();
  else if (isElder() && voice.auto) say(lastTurn());
}

function pressed(event) {
  const button = event.target.closest("[data-speak], [data-again], [data-slower]");
  if (!button) return;
  const turn = button.closest(".turn");
  if ("slower" in button.dataset) {
    rate(-RATE.step);
    toast(S.slower);
    if (!turn.contains(document.querySelector("mark.reading"))) say(turn);
    return;
  }
  const again = button.dataset.state && button.dataset.state !== "idle";
  if ("speak" in button.dataset && again) stop();
  else say(turn, button);
}

function label(button, state) {
  const idle = { speak: S.speak, again: S.again }["again" in button.dataset ? "again" : "speak"];
  button.dataset.state = state;
  button.setAttribute("aria-busy", String(state === "loading"));
  if ("again" in button.dataset) return;
  button.setAttribute("aria-pressed", String(state === "playing" || state === "loading"));
  button.querySelector("span").textContent = { loading: S.speakLoading, playing: S.speakStop }[state] ?? idle;
}

function showState({ detail: { state, source } }) {
  document.querySelectorAll("[data-speak][data-state], [data-again][data-state]").forEach((button) => button !== source && label(button, "idle"));
  if (source) label(source, state);
  blocked = state === "blocked";
  bar.hidden = !(blocked || state === "playing" || state === "loading");
  bar.dataset.state = state;
  barText.textContent = blocked ? S.readBlocked : S.reading;
  barButton.querySelector("span").textContent = blocked ? S.listen : S.stop;
  if (state === "failed" && (source || !toldFailure)) {
    toldFailure = true;
    toast(S.speakFailed);
  }
}

function showVoice() {
  const button = document.querySelector('[data-voice="auto"]');
  button.setAttribute("aria-pressed", String(voice.auto));
  button.querySelector("[data-state-word]").textContent = voice.auto ? S.on : S.off;
  applyVoice();
}

const SETTINGS = {
  slower: () => { rate(-RATE.step); toast(S.slower); },
  faster: () => { rate(RATE.step); toast(S.faster); },
  auto: () => voice.set({ auto: !voice.auto }),
};

export function startSpeech() {
  document.getElementById("log").addEventListener("click", pressed);
  document.addEventListener("click", (event) => SETTINGS[event.target.closest("[data-voice]")?.dataset.voice]?.());
  listen.addEventListener("click", () => (reading() ? stop() : read(listen.dataset.listen)));
  barButton.addEventListener("click", () => (blocked ? resume() : stop()));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  document.addEventListener("wenban:reading", showState);
  document.addEventListener("wenban:voice", showVoice);
  document.addEventListener("wenban:mode", applyVoice);
  document.addEventListener("wenban:reply", replied);
  for (const name of ["sent", "pressed", "listening"]) document.addEventListener(`wenban:${name}`, stop);
  showVoice();
}
