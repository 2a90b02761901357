// Plain pages: the citizen's looks, without leaving the page.
import { startView } from "./view.js";

document.documentElement.classList.add("js");
if (document.getElementById("view-form")) startView();
