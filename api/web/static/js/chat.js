// A turn: shown at once, sent with a key that makes repeating harmless, retried by the citizen when it fails.
import { HttpError, postJson } from "./http.js";
import { addCitizen, addReply, addWaiting, setState } from "./log.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

const DOTS = 300;
const WORDS = 2000;
const LONG = 8000;
let queue = Promise.resolve();

const key = () =>
  globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

export function sayText(text) {
  return enqueue({ text }, text);
}

export function press(payload, label) {
  return enqueue({ payload: label ? { ...payload, label: payload.label || label } : payload }, label || payload.label);
}

function enqueue(body, shown) {
  const turn = addCitizen(shown);
  const request = { ...body, client_id: key(), mode: document.documentElement.dataset.mode || "standard" };
  queue = queue.then(() => deliver(turn, request));
  return queue;
}

async function deliver(turn, request) {
  let waiting = null;
  const timers = [
    setTimeout(() => { waiting = addWaiting(); }, DOTS),
    setTimeout(() => { waiting.querySelector(".waiting-text").textContent = S.waiting; }, WORDS),
    setTimeout(() => { waiting.querySelector(".waiting-text").textContent = S.waitingLong; }, LONG),
  ];
  turn.dataset.state = "sending";
  setState(turn, "");
  try {
    const reply = await postJson("/chat/messages", request);
    finish(timers, waiting);
    turn.dataset.state = "sent";
    addReply(reply.html, turn);
    document.dispatchEvent(new CustomEvent("wenban:reply", { detail: reply }));
  } catch (error) {
    finish(timers, waiting);
    fail(turn, request, error instanceof HttpError ? error : new HttpError(S.serverError));
  }
}

function finish(timers, waiting) {
  timers.forEach(clearTimeout);
  waiting?.remove();
}

function fail(turn, request, error) {
  turn.dataset.state = "failed";
  const final = error.status >= 400 && error.status < 500 && error.status !== 429;
  if (final && request.text) document.dispatchEvent(new CustomEvent("wenban:restore", { detail: request.text }));
  setState(turn, final ? error.message : `${S.failed}：${error.message}`, {
    failed: true,
    action: final ? "" : S.retry,
    onAction: () => { queue = queue.then(() => deliver(turn, request)); },
  });
  if (final) toast(error.message);
}
