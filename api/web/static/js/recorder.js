// The microphone: begin, how loud, end with a WAV file.
import { toWav } from "./wav.js";

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export class NoMicrophone extends Error {
  /** `reason`: missing (no device or old browser), denied, or insecure (the page is not on https). */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

async function open() {
  if (!globalThis.isSecureContext) throw new NoMicrophone("insecure");
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) throw new NoMicrophone("missing");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  } catch (error) {
    throw new NoMicrophone(["NotAllowedError", "SecurityError"].includes(error.name) ? "denied" : "missing");
  }
}

export class Recorder {
  #stream;
  #media;
  #chunks = [];
  #context;
  #meter;

  /** What the microphone gives, for others who listen too. */
  get stream() { return this.#stream; }

  /** Opens the microphone and begins; `onLevel` gets 0–1 some times a second. */
  async start(onLevel) {
    this.#stream = await open();
    const type = TYPES.find((candidate) => MediaRecorder.isTypeSupported(candidate));
    this.#media = new MediaRecorder(this.#stream, type ? { mimeType: type } : {});
    this.#media.addEventListener("dataavailable", ({ data }) => this.#chunks.push(data));
    this.#media.start();
    this.#measure(onLevel);
  }

  #measure(onLevel) {
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 512;
    this.#context.createMediaStreamSource(this.#stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#meter = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      onLevel(Math.min(1, Math.hypot(...samples) / Math.sqrt(samples.length) * 6));
    }, 100);
  }

  /** Ends and returns the recording; an empty one when nothing was kept. */
  async stop() {
    const ended = new Promise((resolve) => { this.#media.addEventListener("stop", resolve, { once: true }); });
    this.#media.stop();
    await ended;
    this.#close();
    return toWav(new Blob(this.#chunks, { type: this.#media.mimeType }));
  }

  cancel() {
    if (this.#media?.state === "recording") this.#media.stop();
    this.#close();
  }

  #close() {
    clearInterval(this.#meter);
    this.#context?.close();
    this.#stream?.getTracks().forEach((track) => track.stop());
  }
}
