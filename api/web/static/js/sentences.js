// Text for reading aloud, sentence by sentence.
const LONG = 60;

/** Splits after 。！？； and line ends; a very long sentence also after a comma. */
export function sentences(text) {
  const parts = [];
  for (const line of text.replace(/\*\*|__|`/g, "").split(/\n+/)) {
    for (const sentence of line.match(/[^。！？；!?;]+[。！？；!?;”’）)]*|[。！？；!?;]+/g) ?? []) {
      parts.push(...shorter(sentence.trim()));
    }
  }
  return parts.filter((part) => /[\p{L}\p{N}]/u.test(part));
}

function shorter(sentence) {
  if (sentence.length <= LONG) return [sentence];
  const parts = [""];
  for (const piece of sentence.match(/[^，,、：:]+[，,、：:]?/g) ?? [sentence]) {
    if (parts.at(-1) && parts.at(-1).length + piece.length > LONG) parts.push("");
    parts[parts.length - 1] += piece;
  }
  return parts;
}
