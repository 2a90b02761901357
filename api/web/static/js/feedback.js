// 有帮助 / 没帮助: kept at once; "没帮助" then asks why.
import { few } from "./few.js";
import { postForm } from "./http.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

function mark(form, helpful) {
  form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === helpful)));
}

async function rate(form, helpful, reason = "") {
  await postForm("/chat/feedback", { message_id: form.elements.message_id.value, helpful, reason });
}

function askWhy(form) {
  const turn = form.closest(".turn");
  turn.querySelector(".reasons")?.remove();
  const reasons = document.getElementById("reason-template").content.firstElementChild.cloneNode(true);
  reasons.querySelector("p").textContent = S.whyNot;
  for (const reason of S.reasons) {
    const chip = document.createElement("button");
    chip.className = "button chip";
    chip.value = reason;
    chip.textContent = reason;
    reasons.querySelector(".chips").append(chip);
  }
  reasons.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await rate(form, "false", event.submitter.value);
      reasons.remove();
      toast(S.thanksReason);
      form.querySelector("button").focus();
    } catch {
      toast(S.feedbackFailed);
    }
  });
  turn.append(reasons);
  few(reasons);
  reasons.scrollIntoView({ block: "nearest" });
}

export function startFeedback() {
  document.getElementById("log").addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".rating")) return;
    event.preventDefault();
    const helpful = event.submitter.value;
    try {
      await rate(form, helpful);
      mark(form, helpful);
      if (helpful === "true") {
        form.closest(".turn").querySelector(".reasons")?.remove();
        toast(S.thanks);
      } else {
        askWhy(form);
      }
    } catch {
      toast(S.feedbackFailed);
    }
  });
}
