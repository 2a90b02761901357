// Read aloud: one voice at a time; the same button stops it.
import { postForBlob } from "./http.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

const MOST = 2000;
const audio = new Audio();
const cache = new Map();
let current = null;

function state(button, name, text) {
  button.dataset.state = name;
  button.setAttribute("aria-pressed", String(name !== "idle"));
  button.setAttribute("aria-busy", String(name === "loading"));
  button.querySelector("span").textContent = text;
}

export function stopSpeaking() {
  audio.pause();
  if (current) state(current, "idle", S.speak);
  current = null;
}

async function sound(text) {
  if (!cache.has(text)) cache.set(text, URL.createObjectURL(await postForBlob("/v1/speech", { text })));
  return cache.get(text);
}

async function speak(button) {
  const again = button === current;
  stopSpeaking();
  if (again) return;
  current = button;
  state(button, "loading", S.speakLoading);
  try {
    const url = await sound(button.dataset.speak.slice(0, MOST));
    if (current !== button) return;
    audio.src = url;
    await audio.play();
    if (current === button) state(button, "playing", S.speakStop);
  } catch {
    if (current !== button) return;
    stopSpeaking();
    toast(S.speakFailed);
  }
}

export function startSpeech() {
  audio.addEventListener("ended", stopSpeaking);
  document.getElementById("log").addEventListener("click", (event) => {
    const button = event.target.closest("[data-speak]");
    if (button) speak(button);
  });
  document.addEventListener("wenban:sent", stopSpeaking);
  document.addEventListener("wenban:pressed", stopSpeaking);
}
