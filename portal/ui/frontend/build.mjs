/**
 * Builds style, script and icons. In: scss/, js/, icons/, pictures/ and the templates (so that controls not used are left out).
 * Out: portal/ui/static/ with content-hashed names, .br and .gz beside each, and manifest.json (plain name → hashed name);
 * portal/ui/fonts/ with the fonts of plans as PDF, which are not served. The same sources always give the same bytes.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";
import rtlcss from "rtlcss";
import { compile } from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const PORTAL = resolve(HERE, "../..");
const STATIC = join(PORTAL, "ui/static");
const FONTS = join(PORTAL, "ui/fonts");
const TYPE = join(HERE, "node_modules/@expo-google-fonts");
const GOVUK = join(HERE, "node_modules/govuk-frontend/dist/govuk");
// The form controls that ui/forms.html calls, and what those call in their turn.
const CONTROLS = ["checkboxes", "error-message", "error-summary", "fieldset", "hint", "input", "label", "radios", "select", "textarea"];
const BROWSERS = ["chrome90", "firefox90", "safari14"];

/** What our own typography and colours say already: the components inherit it. */
const inherited = {
  postcssPlugin: "inherited",
  Once(root) {
    root.walkAtRules("media", (rule) => { if (rule.params === "print") rule.remove(); });
    root.walkAtRules("supports", (rule) => { if (rule.params.startsWith("not ")) rule.remove(); });
    root.walkDecls(/^(font-family|line-height|-webkit-font-smoothing|-moz-osx-font-smoothing|border-radius)$/, (decl) => {
      if (decl.value !== "50%") decl.remove();
    });
    root.walkDecls((decl) => { decl.value = decl.value.replaceAll(/var\(--govuk-[\w-]+, ?(#[0-9a-f]+|[a-z]+)\)/g, "$1"); });
  },
};

function sass(name) {
  const options = { loadPaths: [GOVUK, join(GOVUK, "..")], quietDeps: true };
  return compile(join(HERE, "scss", name), options).css;
}

async function styles() {
  const controls = postcss([inherited]).process(sass("controls.scss"), { from: undefined }).css;
  const content = [
    join(PORTAL, "*/templates/**/*.html"),
    ...CONTROLS.map((name) => join(GOVUK, "components", name, "template.njk")),
  ];
  // The templates name every class in every variant: `--xl`, `--inline` and the like are used only where ours say so.
  const blocklist = [/--(xl|m|s|inline|conditional)$/, /__(divider|conditional|prefix|suffix|wrapper)/];
  const [{ css: used }] = await new PurgeCSS().purge({ content, css: [{ raw: controls }], blocklist });
  const css = used + sass("app.scss");
  const desk = sass("desk.scss"); // of people who sign in: residents never download it
  return {
    "app.css": await small(css),
    "app.rtl.css": await small(rtlcss.process(css) + sass("rtl.scss")),
    "desk.css": await small(desk),
    "desk.rtl.css": await small(rtlcss.process(desk)),
  };
}

async function small(css) {
  const { code } = await transform(css, { loader: "css", minify: true, target: BROWSERS });
  return code;
}

async function script(name, format = "esm") {
  const entry = join(HERE, "js", name);
  const result = await build({ entryPoints: [entry], bundle: true, minify: true, format, target: BROWSERS, write: false });
  return result.outputFiles[0].text;
}

/** One sprite of a folder: each drawing becomes a symbol that takes its stroke and colours from the page. */
function sprite(folder, size) {
  const symbols = files(folder, ".svg").map((name) => {
    const drawing = readFileSync(join(HERE, folder, name), "utf8").match(/<svg[^>]*>(.*)<\/svg>/s)[1];
    return `<symbol id="${name.replace(".svg", "")}" viewBox="0 0 ${size} ${size}">${drawing.trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

function files(folder, ending) {
  return readdirSync(join(HERE, folder)).filter((name) => name.endsWith(ending)).sort();
}

/** Writes one file under its hashed name with its compressed twins; answers that name. */
function publish(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const hashed = `${name.slice(0, -extname(name).length)}-${hash}${extname(name)}`;
  writeFileSync(join(STATIC, hashed), bytes);
  if (extname(name) !== ".png") {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(STATIC, `${hashed}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(STATIC, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  }
  return hashed;
}

/** The fonts that plans are set in, regular and bold, each family with its licence. */
function fonts() {
  empty(FONTS);
  for (const family of readdirSync(TYPE).sort()) {
    copyFileSync(join(TYPE, family, "LICENSE_FONT"), join(FONTS, `${family}.licence.txt`));
    for (const weight of ["400Regular", "700Bold"]) {
      for (const name of readdirSync(join(TYPE, family, weight)).filter((file) => file.endsWith(".ttf"))) {
        copyFileSync(join(TYPE, family, weight, name), join(FONTS, name));
      }
    }
  }
}

function empty(folder) {
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
}

const outputs = {
  ...(await styles()),
  "app.js": await script("app.js"),
  "desk.js": await script("desk.js"),
  "keep.js": await script("keep.js"),
  "worker.js": await script("worker.js", "iife"), // workers are no modules in the browsers that we write for
  "icons.svg": sprite("icons", 24),
  "pictures.svg": sprite("pictures", 96),
  ...Object.fromEntries(files("brand", "").map((name) => [name, readFileSync(join(HERE, "brand", name))])),
};
fonts();
empty(STATIC);
const manifest = Object.fromEntries(Object.keys(outputs).sort().map((name) => [name, publish(name, outputs[name])]));
writeFileSync(join(STATIC, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
