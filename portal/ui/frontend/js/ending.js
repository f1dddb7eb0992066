/** Answers that are kept for a time only (`[data-ends-in]`, in seconds): a warning before the end, more time when asked for, then away. */
import { blank } from "./exit.js";

const WARNING = 300_000;

export function watchTheEnd() {
  const region = document.querySelector("[data-ends-in]");
  if (!region) return;
  const warning = region.querySelector(".ending");
  const start = () => { end = Date.now() + region.dataset.endsIn * 1000; look(); };
  let end, timer;

  function look() {
    clearTimeout(timer);
    const left = end - Date.now();
    if (left <= 0) return finish(region.dataset.ended);
    warning.hidden = left > WARNING;
    timer = setTimeout(look, left > WARNING ? left - WARNING : left);
  }

  warning.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch(region.dataset.stay, { method: "POST" }).catch(() => null);
    if (answer?.status === 410) return finish(region.dataset.ended);
    if (!answer?.ok) return; // the warning stays
    document.getElementById("main").focus({ preventScroll: true });
    start();
  });
  document.addEventListener("visibilitychange", look); // a phone that slept has missed its timers
  start();
}

function finish(address) {
  blank();
  location.replace(address);
}
