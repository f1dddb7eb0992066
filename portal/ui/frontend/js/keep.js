/**
 * Offers to keep an area on this phone (`[data-keeping]`), tells what is kept, and deletes it. Nothing is offered, and nothing shows,
 * where the browser cannot do it. Templates: portal/sharing/templates/offline/.
 */
import { findPack, forget, keep } from "./offline/pack.js";

const WORKER = "/worker.js";
const regions = [...document.querySelectorAll("[data-keeping]")];
let pack = null;

function show() {
  for (const region of regions) {
    const state = stateOf(region);
    for (const part of region.querySelectorAll("[data-state]")) part.hidden = !part.dataset.state.split(" ").includes(state);
    for (const part of region.querySelectorAll("[data-told]")) tell(part);
    region.hidden = false;
  }
  for (const part of document.querySelectorAll("[data-unkept]")) part.hidden = true;
}

function tell(part) {
  if (!pack) return;
  part.textContent = pack.told[part.dataset.told];
  part.lang = pack.language;
  part.dir = pack.direction;
}

function stateOf(region) {
  if (!pack) return "none";
  return pack.area === areaOf(region) && pack.language === document.documentElement.lang ? "same" : "other";
}

function areaOf(region) {
  return region.dataset.area ?? region.querySelector("[data-areas]")?.value;
}

const acts = {
  keep: async (region) => {
    await navigator.serviceWorker.register(WORKER);
    pack = await keep(region.dataset.keeping, areaOf(region));
    return region.dataset.done;
  },
  delete: async (region) => {
    await forget(await navigator.serviceWorker.getRegistration());
    pack = null;
    return region.dataset.gone;
  },
};

async function press(button, region) {
  const said = region.querySelector("[data-said]");
  said.textContent = region.dataset.busy ?? "";
  button.disabled = true;
  try {
    said.textContent = await acts[button.dataset.act](region);
  } catch (error) {
    said.textContent = error.name === "QuotaExceededError" ? region.dataset.full : region.dataset.failed;
    if (!pack) await acts.delete(region).catch(() => {}); // no worker without something to open
  }
  button.disabled = false;
  show();
}

async function offer() {
  if (!("serviceWorker" in navigator && "caches" in window && "locks" in navigator)) return;
  for (const region of regions) {
    for (const button of region.querySelectorAll("[data-act]")) button.addEventListener("click", () => press(button, region));
    region.querySelector("[data-areas]")?.addEventListener("change", show);
  }
  show(); // at once, so that nothing moves where nothing is kept
  pack = await findPack(); // a browser that may keep nothing says so here: then nothing is offered
  if (pack) show();
}

function takeBack() {
  for (const region of regions) region.hidden = true;
  for (const part of document.querySelectorAll("[data-unkept]")) part.hidden = false;
}

offer().catch(takeBack);
