// Bundle web/tests and run them with node's own test runner; nothing here needs a browser.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = (await readdir(join(root, "tests"))).filter((name) => /\.test\.tsx?$/.test(name));
const out = await mkdtemp(join(tmpdir(), "web-tests-"));
await build({
  absWorkingDir: root,
  entryPoints: names.map((name) => join(root, "tests", name)),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  jsx: "automatic",
  jsxImportSource: "preact",
  outdir: out,
  outExtension: { ".js": ".mjs" },
  external: ["node:*"],
  logLevel: "warning",
});
const files = names.map((name) => join(out, name.replace(/\.tsx?$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" });
await rm(out, { recursive: true });
process.exit(status ?? 1);
