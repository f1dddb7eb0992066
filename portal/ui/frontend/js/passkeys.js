/**
 * Passkeys: the browser's own ceremony, started by a button that appears only where the browser can do it.
 * The form asks our server for a challenge, hands the authenticator's answer back as a field, and is sent like any other form.
 * Where the browser can, it also offers passkeys among what it fills into the field of the address: nothing waits for that.
 */
let offer = new AbortController();
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

export function offerPasskeys() {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
  }
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
  const form = document.querySelector("form[data-passkey=use]");
  if (form && document.querySelector("input[autocomplete~=webauthn]")) offerAmongFilledIn(form).catch(() => {});
}

/** Until a passkey is chosen in the field, or the button pressed. A challenge is good for minutes: it is asked for anew while somebody looks. */
async function offerAmongFilledIn(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const here = offer = new AbortController();
  const options = await challenge(form.dataset.options);
  if (here.signal.aborted) return;
  const late = setTimeout(() => {
    here.abort();
    const again = () => document.hidden || (document.removeEventListener("visibilitychange", again), offerAmongFilledIn(form).catch(() => {}));
    document.addEventListener("visibilitychange", again);
    again();
  }, options.timeout * 0.8);
  here.signal.addEventListener("abort", () => clearTimeout(late));
  hand(form, await navigator.credentials.get({ publicKey: toGet(options), mediation: "conditional", signal: here.signal }));
}

function hand(form, made) {
  form.elements.credential.value = JSON.stringify(asJson(made));
  form.submit();
}

async function run(form) {
  const button = form.querySelector("button");
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  button.disabled = true;
  offer.abort();
  try {
    const options = await challenge(form.dataset.options);
    const made = form.dataset.passkey === "add"
      ? await navigator.credentials.create({ publicKey: toCreate(options) })
      : await navigator.credentials.get({ publicKey: toGet(options) });
    hand(form, made);
  } catch (error) {
    const why = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "known" }[error.name] || "failed";
    problem.textContent = form.dataset[why];
    problem.hidden = false;
    button.disabled = false;
    button.focus();
  }
}

async function challenge(address) {
  const answer = await fetch(address, { method: "POST" });
  if (!answer.ok) throw new Error("no challenge");
  return answer.json();
}

function toCreate(options) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const known = (options.excludeCredentials || []).map((it) => ({ ...it, id: bytes(it.id) }));
  return { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: known };
}

function toGet(options) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const allowed = (options.allowCredentials || []).map((it) => ({ ...it, id: bytes(it.id) }));
  return { ...options, challenge: bytes(options.challenge), allowCredentials: allowed };
}

/** What the browser's own `toJSON` gives; some password managers' passkeys have none, or one that fails. */
function asJson(made) {
  try {
    return made.toJSON();
  } catch {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
  }
}
