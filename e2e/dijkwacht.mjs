// Starts the real program for a test and drives a real browser over it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const PROGRAM = process.env.DIJKWACHT ?? "target/debug/dijkwacht";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/// Runs the program to its end; gives its exit code and what it said.
export async function run(...args) {
  const child = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "", stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/// Starts a serving verb on a free port and waits until it says where it listens.
export async function start(...args) {
  const child = spawn(PROGRAM, [...args, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const listening = new Promise((resolve, reject) => {
    child.stderr.on("data", (data) => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      // The last line of each announcement: all before it is there.
      if (found && /stop with Ctrl-C|serving http/.test(said)) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`the program stopped with ${code}: ${said}`)));
  });
  const address = await listening;
  return {
    address,
    said: () => said,
    stop: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

/// A browser that reaches nothing but this machine.
export function browser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/// What axe-core finds wrong on the page, as lines; empty when nothing.
export async function violations(page) {
  // Through the protocol, because the page's own policy rightly refuses foreign scripts.
  await page.evaluate(AXE);
  const result = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return result.violations.map((one) =>
    `${one.id} (${one.impact}): ${one.help}; ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`);
}

/// Signs in on the page that is shown.
export async function signIn(page, address, email, password = "lantaarn op de dijk") {
  await page.goto(`${address}/aanmelden`);
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(password);
  await page.locator("main form button.act").click();
}

/// The paths of the pages about what an organisation's sensors saw, as their own links lead there: the list, each sensor, the
/// findings, and one detection of each kind.
export async function seenBySensors(page, sensors) {
  const linked = () => page.locator("main a").evaluateAll((links) =>
    links.map((link) => [new URL(link.href).pathname, link.textContent.replace(/\d+/g, "")]));
  await page.goto(sensors);
  const own = new URL(sensors).pathname;
  const ofSensors = (await linked()).map(([path]) => path).filter((path) => /\/sensoren\/[0-9a-f-]{36}$/.test(path));
  const findings = `${own}/bevindingen`;
  await page.goto(`${new URL(sensors).origin}${findings}`);
  const kinds = new Map();
  for (const [path, kind] of await linked()) if (path.includes("/waarnemingen/")) kinds.set(kind, path);
  const all = new Set([own, ...ofSensors, findings, ...kinds.values()]);
  if (ofSensors.length === 0 || kinds.size === 0) throw new Error(`nothing was seen: ${[...all]}`);
  return all;
}
