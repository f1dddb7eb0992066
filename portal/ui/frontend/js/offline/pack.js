/**
 * The pack on this phone: one JSON text (portal/sharing/offline/packing.py, with the phone's own list added), alone in a cache of its own
 * that is named by when it was saved. A new one is written whole into a new cache and read back before older ones go, so that at any
 * moment either is there whole; the newest that can be read counts. Pages and the worker share this; a lock lets one write at a time.
 */
const NAME = /^kept-\d+$/;
const ENTRY = "/on-this-phone";
const FORM = 1;
const DAY = 86_400_000;

const inTurn = (act) => navigator.locks.request("on this phone", act);

async function names() {
  return (await caches.keys()).filter((name) => NAME.test(name)).sort().reverse();
}

/** What is kept, or null. */
export async function findPack() {
  for (const name of await names()) {
    const pack = await read(name);
    if (pack) return pack;
  }
  return null;
}

async function read(name) {
  try {
    const pack = await (await caches.match(ENTRY, { cacheName: name })).json();
    return pack.form === FORM ? pack : null;
  } catch {
    return null; // written half when the phone went off
  }
}

/** Fetch the pack of an area and this phone's list, and put both in the place of what was kept. Throws, and then nothing has changed. */
export function keep(base, area) {
  return inTurn(() => fetchAndWrite(base, area));
}

async function fetchAndWrite(base, area) {
  const answers = await Promise.all([fetched(`${base}/areas/${area}`), fetched(`${base}/list`)]);
  return write({ ...await answers[0].json(), base, list: await answers[1].text() });
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  return answer;
}

async function write(pack) {
  const name = `kept-${Date.now()}`;
  try {
    const cache = await caches.open(name);
    await cache.put(ENTRY, new Response(JSON.stringify(pack), { headers: { "Content-Type": "application/json" } }));
    if (!await read(name)) throw new Error("not kept");
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  await dropAllBut(name);
  return pack;
}

async function dropAllBut(name) {
  for (const other of await names()) if (other !== name) await caches.delete(other);
}

/** Nothing is kept any more, nor does a worker stand in the way. */
export function forget(registration) {
  return inTurn(async () => {
    await dropAllBut("");
    await registration?.unregister();
  });
}

/** With a connection, once a day: the same again, as it is now. What cannot be fetched stays as it was. */
export async function renew() {
  const newest = (await names())[0];
  if (!newest || Date.now() - newest.split("-")[1] < DAY || navigator.connection?.saveData) return;
  await inTurn(async () => {
    const pack = await findPack();
    if (pack) await fetchAndWrite(pack.base, pack.area);
  }).catch(() => {});
}

/** The list on this phone was changed: what is kept of it follows. */
export function renewList() {
  return inTurn(async () => {
    const pack = await findPack();
    if (pack) await write({ ...pack, list: await (await fetched(`${pack.base}/list`)).text() });
  }).catch(() => {});
}
