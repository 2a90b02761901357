// What was heard, shown for confirmation when it is uncertain; a part of the page, never a pop-up.
import { submitText } from "./composer.js";
import { isElder, voice } from "./prefs.js";
import { read } from "./reader.js";
import { S } from "./strings.js";
import { openTyping } from "./typing.js";

const card = document.getElementById("heard");
const title = document.getElementById("heard-title");
const options = document.getElementById("heard-options");

function option(label, look, onPress) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button ${look}`;
  button.textContent = label;
  button.addEventListener("click", () => {
    hideHeard();
    onPress();
  });
  return button;
}

export function hideHeard() {
  card.hidden = true;
}

/** Asks "您说的是…吗？"; `again` starts the recording anew. */
export function heard(text, suggestion, again) {
  document.body.classList.remove("empty");
  const other = suggestion && suggestion !== text;
  title.textContent = other ? S.heardWhich : S.heard(text);
  options.replaceChildren(
    ...(other ? [option(suggestion, "primary option", () => submitText(suggestion)), option(text, "option", () => submitText(text))]
      : [option(S.heardYes, "primary option", () => submitText(text))]),
    option(S.heardAgain, "option", again),
    ...(other ? [] : [option(S.heardEdit, "option", () => openTyping(text))]),
  );
  card.hidden = false;
  options.firstElementChild.focus();
  if (isElder() && voice.auto) read(other ? `${S.heardWhich}${S.first}，${suggestion}。${S.second}，${text}。` : S.heard(text));
}
