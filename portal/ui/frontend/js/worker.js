/**
 * Stands between pages and network on a phone that keeps a pack, and nowhere else. With a connection it hands everything through and
 * keeps nothing of it. Without one it opens what is kept, at the same addresses, and says for all others what can be done.
 */
import { findPack, forget, renew, renewList } from "./offline/pack.js";

const LEAVING = /^\/\w\w\/exit(\/away)?$/;
const LIST = /^\/\w\w\/list(\/\w+)?$/;
const SERVICE = /^\/\w\w\/services\/([0-9a-f-]{36})$/;
const FILE = /^\/static\//;
let isListOld = false;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable()])));
addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  const path = address.pathname;
  if (address.origin !== location.origin) return;
  if (LEAVING.test(path)) event.waitUntil(forget(registration));
  if (LIST.test(path)) isListOld = true;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(event, path));
  else if (FILE.test(path)) event.respondWith(fetch(request).catch(() => file(path)));
});

async function page(event, path) {
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    event.waitUntil(keepUp());
    return answer;
  } catch (error) {
    const pack = await findPack();
    if (!pack) throw error;
    return opened(pack, path);
  }
}

async function keepUp() {
  if (isListOld) {
    isListOld = false;
    await renewList();
  }
  await renew();
}

function opened(pack, path) {
  const pages = { ...pack.pages, [pack.list_at]: pack.list };
  const service = SERVICE.exec(path)?.[1];
  const holder = service && Object.keys(pages).find((address) => pages[address].includes(`id="s-${service}"`));
  if (holder) return Response.redirect(`${holder}#s-${service}`, 302);
  const headers = { ...pack.headers, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(pages[path] ?? pack.otherwise, { headers });
}

async function file(path) {
  const kept = (await findPack())?.files[path];
  return kept ? new Response(kept.text, { headers: { "Content-Type": kept.type } }) : Response.error();
}
