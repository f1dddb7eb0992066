/**
 * Read a page aloud. The button stays hidden until the browser turns out to have a voice for the language of what is marked
 * `data-listen`; what is folded, and parts in a language without a voice, are passed over.
 */
const BLOCKS = "h1, h2, h3, p, li, dt, dd";

export function offerListening() {
  const button = document.querySelector("button[data-action=listen]");
  const text = document.querySelector("[data-listen]");
  if (!button || !text || !("speechSynthesis" in window)) return;
  const offer = () => { button.hidden = !voiceFor(languageOf(text)); };
  speechSynthesis.addEventListener("voiceschanged", offer);
  addEventListener("pagehide", () => speechSynthesis.cancel());
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop(button) : read(button, text)));
  offer();
}

function languageOf(element) {
  return element.closest("[lang]").lang;
}

function voiceFor(language) {
  const voices = speechSynthesis.getVoices().filter((voice) => voice.lang.replace("_", "-").split("-")[0] === language.split("-")[0]);
  return voices.find((voice) => voice.lang.endsWith("GB")) || voices.find((voice) => voice.localService) || voices[0];
}

function read(button, text) {
  const blocks = [...text.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS) && block.textContent.trim() && block.checkVisibility());
  const said = blocks.map(utterance).filter(Boolean);
  if (!said.length) return;
  said.at(-1).onend = () => stop(button);
  speechSynthesis.cancel();
  press(button, true);
  said.forEach((one) => speechSynthesis.speak(one));
}

function utterance(block) {
  const voice = voiceFor(languageOf(block));
  if (!voice) return null;
  const one = new SpeechSynthesisUtterance(block.textContent.trim().replace(/\s+/g, " "));
  one.voice = voice;
  one.lang = voice.lang;
  return one;
}

function stop(button) {
  speechSynthesis.cancel();
  press(button, false);
}

function press(button, on) {
  button.setAttribute("aria-pressed", on);
  button.querySelector("[data-start]").hidden = on;
  button.querySelector("[data-stop]").hidden = !on;
}
