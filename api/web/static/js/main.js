import { startButtons } from "./buttons.js";
import { startComposer } from "./composer.js";
import { few } from "./few.js";
import { startEvents } from "./events.js";
import { startFeedback } from "./feedback.js";
import { startHome } from "./home.js";
import { startMode } from "./mode.js";
import { startPanel } from "./panel.js";
import { startReceipts } from "./receipt.js";
import { restore } from "./restore.js";
import { startSpeech } from "./speech.js";
import { startSuggestions } from "./suggest.js";
import { startTalk } from "./talk.js";
import { startTyping } from "./typing.js";
import { startView } from "./view.js";

document.documentElement.classList.add("js");
startSuggestions(); // before the composer: it may take Enter
startComposer();
startTyping();
startButtons();
startReceipts();
startView();
startMode(); // before reading aloud: a spoken command may change the version first
startSpeech();
startTalk();
startFeedback();
startPanel();
startHome();
startEvents();
few(document);
restore();
