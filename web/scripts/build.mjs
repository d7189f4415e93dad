// Build the pages of web/ into web/dist, and say which sources they came from (BUILD.json).

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, context } from "esbuild";
import { favicon } from "./favicon.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const SOURCES = ["shared", "widget", "console", "demo", "scripts"];
const FILES = ["package.json", "package-lock.json"];
const BUDGETS = { "widget.js": 3, panel: 30, console: 80 }; // KB gzipped, script and style together

const options = {
  absWorkingDir: root,
  entryPoints: {
    widget: "widget/loader.ts",
    panel: "widget/panel.tsx",
    console: "console/console.tsx",
    demo: "demo/demo.tsx",
  },
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "none",
  outdir: dist,
  logLevel: "warning",
};

/** sha256 over "path NUL content NUL" of every source in path order; the service recomputes it. */
async function digestOfSources() {
  const paths = [...FILES];
  for (const folder of SOURCES) {
    for (const entry of await readdir(join(root, folder), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (entry.isFile())
        paths.push(relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
    }
  }
  const hash = createHash("sha256");
  for (const path of paths.sort()) {
    hash.update(`${path}\0`);
    hash.update(await readFile(join(root, path)));
    hash.update("\0");
  }
  return hash.digest("hex");
}

async function copyShells() {
  await cp(join(root, "widget/panel.html"), join(dist, "panel.html"));
  await cp(join(root, "console/console.html"), join(dist, "console.html"));
  await cp(join(root, "demo/demo.html"), join(dist, "demo.html"));
  await cp(join(root, "shared/favicon.svg"), join(dist, "favicon.svg"));
  await writeFile(join(dist, "favicon.ico"), favicon());
}

async function describe() {
  const files = {};
  for (const name of (await readdir(dist)).sort()) {
    const bytes = await readFile(join(dist, name));
    files[name] = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  }
  const text = JSON.stringify({ sources: await digestOfSources(), files }, null, 2);
  await writeFile(join(dist, "BUILD.json"), `${text}\n`);
}

async function weigh() {
  let isOver = false;
  for (const [name, limit] of Object.entries(BUDGETS)) {
    const names = name.includes(".") ? [name] : [`${name}.js`, `${name}.css`];
    let bytes = 0;
    for (const one of names)
      bytes += gzipSync(await readFile(join(dist, one)), { level: 9 }).length;
    const weight = (bytes / 1024).toFixed(1);
    console.log(`${name.padEnd(10)} ${weight.padStart(5)} KB gz of ${limit}`);
    isOver ||= bytes > limit * 1024;
  }
  if (isOver) throw new Error("a page is over its budget");
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await copyShells();
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
  console.log("watching; reload the page after a change");
} else {
  await build(options);
  await describe();
  await weigh();
}
