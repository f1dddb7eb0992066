/**
 * Lighthouse on a phone: addresses as lines in; for each, in its order, a line of JSON out: scores of 0 to 100, bytes transferred, largest
 * contentful paint in ms, layout shift, and what was not whole. Its own settings for phones: a slow phone and network, simulated.
 * Pages that ask engines to stay away are not blamed for that.
 */
import { readFileSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const addresses = readFileSync(0, "utf8").split("\n").filter(Boolean);
const chrome = await launch({ chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"] });

for (const address of addresses) {
  const flags = { port: chrome.port, output: "json", logLevel: "silent", onlyCategories: CATEGORIES, skipAudits: ["is-crawlable"] };
  let { lhr } = await lighthouse(address, flags);
  if (lhr.runtimeError) ({ lhr } = await lighthouse(address, flags)); // a busy machine loses a trace now and then
  console.log(JSON.stringify(lhr.runtimeError ? { address, error: lhr.runtimeError.message } : told(address, lhr)));
}
await chrome.kill();

function told(address, { categories, audits }) {
  return {
    address,
    scores: CATEGORIES.map((name) => Math.round((categories[name].score ?? 0) * 100)),
    bytes: audits["network-requests"].details.items.reduce((sum, it) => sum + it.transferSize, 0),
    lcp: Math.round(audits["largest-contentful-paint"].numericValue),
    cls: audits["cumulative-layout-shift"].numericValue,
    wrong: CATEGORIES.flatMap((name) => categories[name].auditRefs
      .filter((ref) => ref.weight && audits[ref.id].score !== null && audits[ref.id].score < 0.9)
      .map((ref) => `${ref.id}: ${audits[ref.id].details?.items?.[0]?.node?.snippet ?? audits[ref.id].displayValue ?? audits[ref.id].title}`)),
  };
}
