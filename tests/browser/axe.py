"""What axe finds on a page. The same page on another screen, and the same colours on another page, are not judged twice.

* Contrast is a matter of the colour, size and weight of letters and of what lies behind them. Every such combination that a page
  shows is looked up among those that axe found no fault with, in this run; the rule, which takes half of its time, is left out where
  all are known. Where something is positioned, so that other things than its ancestors may lie behind it, its class counts as well.
* Most other rules read the document, and what of it shows. On a second screen that shows the same elements, only those are asked
  that depend on layout and style.

It does not fetch the style sheets once more, which only its rule about locked orientation reads: no sheet asks how a phone is held, as
`test_built_assets` knows.
"""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_LAYOUT: Final = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
RUN: Final = """([runOnly, isContrastKnown]) => axe.run(document,
  {runOnly, resultTypes: ["violations"], preload: false, rules: isContrastKnown ? {"color-contrast": {enabled: false}} : {}})"""
SHOWN: Final = """() => [...document.querySelectorAll("*")]
  .map((it) => Number(it.checkVisibility({visibilityProperty: true, opacityProperty: true}))).join("")"""
SHADES: Final = """() => {
  const known = new Map();
  const behind = (it) => {
    if (!it) return "";
    if (!known.has(it)) {
      const {backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position} = getComputedStyle(it);
      const isPlain = ["static", "relative"].includes(position);
      const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, isPlain ? "" : `${position} ${it.className}`].join();
      known.set(it, (own === "rgba(0, 0, 0, 0),none,1,none,normal," ? "" : own + "; ") + behind(it.parentElement));
    }
    return known.get(it);
  };
  const shades = new Set();
  const add = (it) => {
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(it);
    shades.add(`${[color, fontSize, fontWeight, textShadow].join()} on ${behind(it)}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const holders = new Set(document.querySelectorAll("input, select, textarea"));
  while (texts.nextNode()) if (texts.currentNode.data.trim()) holders.add(texts.currentNode.parentElement);
  for (const it of holders) if (it.checkVisibility()) add(it);
  return [...shades];
}"""

_judged: set[str] = set()  # combinations of colours that axe found no fault with


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line each; the page must be in a context that bypasses the policy."""
    page.wait_for_load_state()
    return _found(page, {"type": "tag", "values": TAGS})


def shown(page: Page) -> str:
    """Which elements of the document show: the same for two screens when a page has nothing for one of them alone."""
    return str(page.evaluate(SHOWN))


def violations_of_layout(page: Page) -> list[str]:
    """As `violations`, for a page that axe has judged on another screen, where the same elements were shown."""
    return _found(page, {"type": "rule", "values": OF_LAYOUT})


def _found(page: Page, only: dict[str, Any]) -> list[str]:
    shades = set(page.evaluate(SHADES))
    found = page.evaluate(RUN, [only, shades <= _judged])["violations"]
    if not any(it["id"] == "color-contrast" for it in found):
        _judged.update(shades)
    return [f"{it['id']}: {it['help']}: {it['nodes'][0]['html'][:160]} (and {len(it['nodes']) - 1} more)" for it in found]
