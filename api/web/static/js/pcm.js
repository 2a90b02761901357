// An audio worklet: what the microphone gives, as 16 kHz mono 16-bit samples, a tenth of a second at a time.
const RATE = 16000;
const CHUNK = RATE / 10;

class Pcm extends AudioWorkletProcessor {
  #step = sampleRate / RATE; // input samples for each of ours; each of ours is their mean
  #sum = 0;
  #weight = 0;
  #out = new Int16Array(CHUNK);
  #filled = 0;

  process([[samples]]) {
    for (const sample of samples ?? []) {
      const rest = this.#step - this.#weight;
      if (rest > 1) {
        this.#sum += sample;
        this.#weight += 1;
        continue;
      }
      this.#push((this.#sum + sample * rest) / this.#step);
      this.#sum = sample * (1 - rest);
      this.#weight = 1 - rest;
    }
    return true;
  }

  #push(value) {
    this.#out[this.#filled] = Math.max(-1, Math.min(1, value)) * 0x7fff;
    this.#filled += 1;
    if (this.#filled < CHUNK) return;
    this.port.postMessage(this.#out.buffer, [this.#out.buffer]);
    this.#out = new Int16Array(CHUNK);
    this.#filled = 0;
  }
}

registerProcessor("pcm", Pcm);
