// The elder version shows three choices at a time; "更多" brings the next three, and after the last the first again.
// The server pages what it offers itself; this is for what was offered before the version was changed, and for other groups.
import { S } from "./strings.js";

const MOST = 3;

function show(group, choices, from) {
  const end = Math.min(from + MOST, choices.length);
  choices.forEach((choice, index) => choice.classList.toggle("held", index < from || index >= end));
  const more = group.querySelector(".more-choices");
  more.textContent = end < choices.length ? S.more(choices.length - end) : S.moreAgain;
  more.onclick = () => {
    const next = end < choices.length ? end : 0;
    show(group, choices, next);
    choices[next].focus();
  };
}

export function few(root) {
  for (const group of root.querySelectorAll(".options, .chips, .actions")) {
    const choices = [...group.querySelectorAll(":scope > .button:not([data-always], .more-choices)")];
    if (choices.length <= MOST || group.classList.contains("few")) continue;
    group.classList.add("few");
    const more = document.createElement("button");
    more.type = "button";
    more.className = "button more-choices";
    choices.at(-1).after(more);
    show(group, choices, 0);
  }
}
