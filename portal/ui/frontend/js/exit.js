/**
 * Pages that it may be dangerous to be seen reading (`body[data-sensitive]`): "Exit this page" by a click or by Shift pressed three
 * times, and nothing for Back to show. A page that goes into the back-forward cache goes in blank, and is loaded again when it
 * comes out. Once the tab was left, Back to any such page in it leads away again, until somebody opens one anew.
 */
const LEFT = "left";
const PRESSES = 3;
const PATIENCE = 5_000;

export function offerExit() {
  const link = document.querySelector("[data-exit]");
  if (!link) return;
  if (cameBack()) return leave(link);
  remember(false);
  for (const form of document.forms) form.autocomplete = "off";
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => event.persisted && (wasLeft() ? leave(link) : location.reload()));
  for (const kind of ["click", "auxclick"]) link.addEventListener(kind, (event) => event.button < 2 && leave(link, event));
  countShifts(link);
}

export function blank() {
  document.documentElement.hidden = true;
}

function leave(link, event) {
  event?.preventDefault();
  blank();
  document.title = "…";
  remember(true);
  navigator.sendBeacon?.(link.href);
  forgetKept();
  location.replace(link.dataset.away);
}

/** What is kept for when there is no connection goes too. The worker does the same when it sees the way out taken; it may not be there. */
function forgetKept() {
  window.caches?.keys().then((names) => names.forEach((name) => caches.delete(name))).catch(() => {});
}

function cameBack() {
  const loading = performance.getEntriesByType("navigation")[0]; // none in the oldest browsers
  return (loading?.type ?? "navigate") !== "navigate" && wasLeft();
}

/** The tab's own storage may be barred by settings: then Back loads the page anew, and no more. */
function wasLeft() {
  try { return sessionStorage.getItem(LEFT) !== null; } catch { return false; }
}

function remember(left) {
  try { left ? sessionStorage.setItem(LEFT, "") : sessionStorage.removeItem(LEFT); } catch { /* as above */ }
}

function countShifts(link) {
  const said = document.querySelector("[data-said]");
  const words = link.dataset;
  let presses = 0, alone = false, lapse;
  const forget = (why) => {
    clearTimeout(lapse);
    if (presses) said.textContent = why;
    presses = 0;
  };
  link.querySelector("[data-shift]").hidden = false;
  addEventListener("mousedown", () => { alone = false; });
  addEventListener("keydown", (event) => {
    alone = event.key === "Shift";
    if (!alone) forget("");
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    presses += 1;
    if (presses === PRESSES) return leave(link);
    said.textContent = presses === 1 ? words.two : words.one;
    if (presses === 1) lapse = setTimeout(() => forget(words.stayed), PATIENCE);
  });
}
