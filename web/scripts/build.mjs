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
// KB gzipped, everything that a page loads at first; the knowledge base when somebody opens it
const BUDGETS = {
  widget: { limit: 3, files: ["widget.js"] },
  panel: { limit: 30, files: ["panel.js", "panel.css"] },
  console: { limit: 80, files: ["console.js", "console-chunk.js", "console.css"] },
  knowledge: { limit: 40, files: ["console-Knowledge.js"] },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "none",
  outdir: dist,
  logLevel: "warning",
};
const pages = {
  ...common,
  format: "iife",
  entryPoints: {
    widget: "widget/loader.ts",
    panel: "widget/panel.tsx",
    demo: "demo/demo.tsx",
  },
};
// one part that is loaded later: with it esbuild makes exactly one file of what both parts need
const desk = {
  ...common,
  format: "esm",
  splitting: true,
  chunkNames: "console-[name]",
  entryPoints: { console: "console/console.tsx" },
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
  for (const [name, { limit, files }] of Object.entries(BUDGETS)) {
    let bytes = 0;
    for (const one of files)
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
  for (const options of [pages, desk]) await (await context(options)).watch();
  console.log("watching; reload the page after a change");
} else {
  for (const options of [pages, desk]) await build(options);
  await describe();
  await weigh();
}
