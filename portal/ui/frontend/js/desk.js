/** What only desks use; every page works without it, but for passkeys, which are the browser's own. */
import { offerPasskeys } from "./passkeys.js";

offerPasskeys();
