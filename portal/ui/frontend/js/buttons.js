/** Buttons that need script stay hidden until it runs: print this page, copy its address. */
const actions = {
  print: () => window.print(),
  copy: async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    document.querySelector("[data-copied]").hidden = false;
  },
};

export function offerButtons() {
  for (const button of document.querySelectorAll("button[data-action=print], button[data-action=copy]")) {
    const name = button.dataset.action;
    if (name === "copy" && !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => actions[name](button));
  }
}
