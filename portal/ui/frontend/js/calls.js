/**
 * "Call" pressed on a listing is counted: which service, and nothing else. The browser sends it beside the call and waits for nothing,
 * so that a call is never late and never fails because of it.
 */
const COUNTED_AT = "/called";

export function countCalls() {
  document.addEventListener("click", (event) => {
    const service = event.target.closest("a[href^='tel:']")?.closest("[data-service]")?.dataset.service;
    if (service) navigator.sendBeacon?.(COUNTED_AT, new URLSearchParams({ service }));
  });
}
