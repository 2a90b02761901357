// The voice: one text at a time, sentence by sentence, what follows fetched while this sounds. A sentence that the server
// has to speak first comes in pieces, so that the first sound comes soon; the server alone knows where to cut.
import { post } from "./http.js";
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

async function fetchSound(text, piece, after) {
  const response = await post("/v1/speech", { text, piece, after });
  return { url: URL.createObjectURL(await response.blob()), count: Number(response.headers.get("Speech-Pieces") ?? 1) };
}

/** A piece of a sentence, and how many it has; `after` is how many characters sound before it. */
function sound(text, piece, after) {
  const key = `${piece} ${after} ${text}`;
  if (!cache.has(key)) {
    const found = fetchSound(text, piece, after);
    found.catch(() => cache.delete(key));
    cache.set(key, found);
    if (cache.size > KEPT) {
      const [oldest, dropped] = cache.entries().next().value;
      cache.delete(oldest);
      dropped.then(({ url }) => URL.revokeObjectURL(url), () => {});
    }
  }
  return cache.get(key);
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

/** Fetches a piece that will be wanted soon; a failure is told when it is its turn. */
const ahead = (...what) => { sound(...what).catch(() => {}); };

async function run(mine) {
  for (; mine.at < mine.parts.length; mine.at += 1) {
    const part = mine.parts[mine.at];
    const after = mine.parts[mine.at - 1]?.length ?? 0;
    for (let piece = 0, count = 1; piece < count; piece += 1) {
      const found = await sound(part, piece, after);
      if (job !== mine) return;
      if (piece === 0) {
        ({ count } = found);
        for (let next = 1; next < count; next += 1) ahead(part, next, after);
        if (mine.parts[mine.at + 1]) ahead(mine.parts[mine.at + 1], 0, part.length);
        if (mine.turn) mine.letter = markSentence(mine.turn, part, mine.letter);
      }
      tell("playing");
      if (!(await play(found.url, mine)) || job !== mine) return;
    }
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
