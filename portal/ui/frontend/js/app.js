/** Small comforts for those who have script; every page works without it. */
import { offerButtons } from "./buttons.js";
import { countCalls } from "./calls.js";
import { watchTheEnd } from "./ending.js";
import { focusErrors } from "./errors.js";
import { offerExit } from "./exit.js";
import { offerListening } from "./listen.js";
import { openForPrint } from "./print.js";

offerExit(); // before anything else: it may have to leave again
focusErrors();
offerButtons();
offerListening();
openForPrint();
countCalls();
watchTheEnd();
