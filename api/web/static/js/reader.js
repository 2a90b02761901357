// The voice: one text at a time, sentence by sentence, the next one fetched while this one sounds.
import { postForBlob } from "./http.js";
import { markSentence, unmark } from "./mark.js";
import { voice } from "./prefs.js";
import { sentences } from "./sentences.js";

const MOST = 2000;
const KEPT = 60;
const audio = new Audio();
const cache = new Map();
let job = null;

/** States: idle, loading, playing, blocked (the browser wants a tap first), failed. */
function tell(state) {
  document.dispatchEvent(new CustomEvent("wenban:reading", { detail: { state, source: job?.source ?? null } }));
}

function sound(text) {
  if (!cache.has(text)) {
    const found = postForBlob("/v1/speech", { text }).then((blob) => URL.createObjectURL(blob));
    found.catch(() => cache.delete(text));
    cache.set(text, found);
    if (cache.size > KEPT) {
      const [oldest, url] = cache.entries().next().value;
      cache.delete(oldest);
      url.then(URL.revokeObjectURL, () => {});
    }
  }
  return cache.get(text);
}

export function applyVoice() {
  audio.defaultPlaybackRate = voice.rate;
  audio.playbackRate = voice.rate;
  audio.preservesPitch = true;
  audio.volume = voice.volume;
}

/** Plays one file to its end; resolves false when it was stopped. */
function play(url, mine) {
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const finish = (settle, value) => { done.abort(); settle(value); };
    audio.addEventListener("ended", () => finish(resolve, true), { signal: done.signal });
    audio.addEventListener("error", () => finish(reject, new Error("audio")), { signal: done.signal });
    mine.stopped.addEventListener("abort", () => finish(resolve, false), { signal: done.signal });
    audio.src = url;
    applyVoice();
    audio.play().catch((error) => (mine.stopped.aborted ? finish(resolve, false) : finish(reject, error)));
  });
}

async function run(mine) {
  while (mine.at < mine.parts.length) {
    const part = mine.parts[mine.at];
    const url = await sound(part);
    if (job !== mine) return;
    if (mine.parts[mine.at + 1]) sound(mine.parts[mine.at + 1]).catch(() => {});
    if (mine.turn) mine.letter = markSentence(mine.turn, part, mine.letter);
    tell("playing");
    if (!(await play(url, mine)) || job !== mine) return;
    mine.at += 1;
  }
  stop();
}

async function go(mine) {
  tell("loading");
  try {
    await run(mine);
  } catch (error) {
    if (job !== mine) return;
    unmark(mine.turn);
    if (error.name === "NotAllowedError") {
      tell("blocked");
      return;
    }
    tell("failed");
    stop();
  }
}

/** Reads `text`, marking it in `turn` when there is one; `source` is told back with every state. */
export function read(text, { turn = null, source = null } = {}) {
  stop();
  const control = new AbortController();
  job = { parts: sentences(text.slice(0, MOST)), at: 0, letter: 0, turn, source, control, stopped: control.signal };
  if (job.parts.length) go(job);
  else stop();
}

/** After a tap: goes on where the browser would not let the sound begin. */
export function resume() {
  if (job) go(job);
}

export function stop() {
  const mine = job;
  if (!mine) return;
  audio.pause();
  mine.control.abort();
  unmark(mine.turn);
  job = null;
  tell("idle");
}

export const reading = () => job !== null;
