// The text while somebody is still speaking, over WebSocket. Where that does not work, the recording is sent at the end.
import { HttpError } from "./http.js";

const PATIENCE = 45000;
const OLD_BROWSER = !globalThis.WebSocket || !globalThis.AudioWorkletNode;

export class Live {
  #socket = null;
  #context = null;
  #waiting = []; // samples from before the connection
  #settle = null;
  #result = null; // a promise of the transcript, null when it must be got another way

  /** Sends what `stream` gives; `onText` gets the text so far, `onSilence` is called when the speech seems to be over. */
  async open(stream, { onText, onSilence }) {
    if (OLD_BROWSER) return;
    this.#result = new Promise((resolve, reject) => { this.#settle = { resolve, reject }; });
    this.#result.catch(() => {});
    this.#socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/transcriptions/stream`);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("message", ({ data }) => this.#told(JSON.parse(data), onText, onSilence));
    for (const name of ["close", "error"]) this.#socket.addEventListener(name, () => this.#settle.resolve(null));
    try {
      this.#context = new AudioContext();
      await this.#context.audioWorklet.addModule(new URL("./pcm.js", import.meta.url));
      const node = new AudioWorkletNode(this.#context, "pcm", { numberOfOutputs: 0 });
      node.port.addEventListener("message", ({ data }) => this.#send(data));
      node.port.start();
      this.#context.createMediaStreamSource(stream).connect(node);
    } catch {
      this.cancel();
    }
  }

  #told({ type, ...body }, onText, onSilence) {
    if (type === "ready") this.#flush();
    else if (type === "partial") onText(body.text);
    else if (type === "silence") onSilence();
    else if (type === "final") this.#settle.resolve(body);
    else if (body.code === "hearing_absent") this.#settle.resolve(null); // the usual way says so, with its status
    else this.#settle.reject(new HttpError(body.message, 422, body.code));
  }

  #send(samples) {
    if (this.#waiting) this.#waiting.push(samples);
    else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(samples);
  }

  #flush() {
    const samples = this.#waiting ?? [];
    this.#waiting = null;
    samples.forEach((each) => this.#send(each));
  }

  /** Ends; resolves with the transcript, or null when the recording must be sent whole. */
  async end() {
    this.#context?.close();
    if (!this.#result || this.#waiting || this.#socket.readyState !== WebSocket.OPEN) {
      this.cancel();
      return null;
    }
    this.#socket.send(JSON.stringify({ type: "end" }));
    const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
    try {
      return await Promise.race([this.#result, late]);
    } finally {
      this.#socket.close();
    }
  }

  cancel() {
    if (this.#context?.state !== "closed") this.#context?.close();
    this.#settle?.resolve(null);
    this.#socket?.close();
  }
}
