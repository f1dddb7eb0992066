/** Small comforts for those who have script; every page works without it. */
import { offerButtons } from "./buttons.js";
import { focusErrors } from "./errors.js";
import { offerListening } from "./listen.js";
import { openForPrint } from "./print.js";

focusErrors();
offerButtons();
offerListening();
openForPrint();
