// Marks the sentence that is being read: in the answer where it stands there, else as a line under the answer.
const SOUND = /[\p{L}\p{N}]/u;
const CLOSING = /^[。！？；，、：,.!?;:”’）)》]+/;
const SILENT = "button, summary, form, label, .visually-hidden, .turn-tools, .reasons, .caption, .progress";

/** The text of an answer as letters alone, and where each letter stands. */
function letters(turn) {
  const walker = document.createTreeWalker(turn, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(SILENT)) continue;
    [...node.data].reduce((offset, letter) => {
      if (SOUND.test(letter)) found.push({ node, offset, end: offset + letter.length, letter });
      return offset + letter.length;
    }, 0);
  }
  return found;
}

function wrap(places) {
  const runs = new Map();
  for (const { node, offset, end } of places) {
    const run = runs.get(node) ?? { start: offset, end };
    run.end = end;
    runs.set(node, run);
  }
  for (const [node, { start, end }] of runs) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end + (CLOSING.exec(node.data.slice(end))?.[0].length ?? 0));
    const mark = document.createElement("mark");
    mark.className = "reading";
    range.surroundContents(mark);
  }
}

export function unmark(turn) {
  turn?.querySelectorAll("mark.reading").forEach((mark) => {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  });
  turn?.querySelector(":scope > .caption")?.remove();
}

/** Marks `sentence` after letter number `from`; returns the number of the letter after it. */
export function markSentence(turn, sentence, from) {
  unmark(turn);
  turn.setAttribute("aria-live", "off"); // marking is not news for a screen reader
  const wanted = [...sentence.replace(/^\d+[.、]\s*/, "")].filter((letter) => SOUND.test(letter)).join("");
  const there = letters(turn);
  const text = there.map(({ letter }) => letter).join("");
  let at = text.indexOf(wanted, from);
  if (at < 0) at = text.indexOf(wanted);
  if (at >= 0) {
    const places = [...text.slice(0, at)].length;
    const length = [...wanted].length;
    wrap(there.slice(places, places + length));
    turn.querySelector("mark.reading")?.scrollIntoView({ block: "nearest" });
    return at + wanted.length;
  }
  const caption = document.createElement("p");
  caption.className = "caption";
  const mark = document.createElement("mark");
  mark.className = "reading";
  mark.textContent = sentence;
  caption.append(mark);
  turn.insertBefore(caption, turn.querySelector(":scope > .turn-tools"));
  caption.scrollIntoView({ block: "nearest" });
  return from;
}
