import { startButtons } from "./buttons.js";
import { startComposer } from "./composer.js";
import { startFeedback } from "./feedback.js";
import { startMode } from "./mode.js";
import { startPanel } from "./panel.js";
import { startReceipts } from "./receipt.js";
import { restore } from "./restore.js";
import { startSpeech } from "./speech.js";
import { startSuggestions } from "./suggest.js";

document.documentElement.classList.add("js");
startSuggestions(); // before the composer: it may take Enter
startComposer();
startButtons();
startReceipts();
startSpeech();
startFeedback();
startPanel();
startMode();
restore();
