// A sensor from nothing to an incident: enrolled with a one-time token by the real program on a made-up office's capture, its
// beacon as a picture, an exception by one press, the learning week, threat lists, the staff, the privacy sheet.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { browser, run, signIn, start, violations } from "./dijkwacht.mjs";

/// Writes the office's day: `cargo build -p office --examples`.
const OFFICE = process.env.OFFICE ?? "target/debug/examples/write";

/// A capture whose last packet was seen an hour ago: what is old is not shown on pages about this week.
function recent(capture) {
  const records = [];
  for (let at = 24; at + 16 <= capture.length; at += 16 + capture.readUInt32LE(at + 8)) records.push(at);
  const shift = Math.floor(Date.now() / 1000) - 3600 - capture.readUInt32LE(records.at(-1));
  for (const at of records) capture.writeUInt32LE(capture.readUInt32LE(at) + shift, at);
  return capture;
}

let program, chrome, folder, context, page, base, secret;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dijkwacht-e2e-"));
  // Where the demo makes its own folder, to lay a list of our own into it.
  process.env.TMPDIR = folder;
  [program, chrome] = await Promise.all([start("demo"), browser()]);
  await promisify(execFile)(OFFICE, [folder]);
  await writeFile(join(folder, "office.pcap"), recent(await readFile(join(folder, "office.pcap"))));
  context = await chrome.newContext({ locale: "nl-NL", viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  base = `${program.address}/o/kuipers/sensoren`;
});
after(async () => {
  await context?.close();
  await chrome?.close();
  await program?.stop();
  await rm(folder, { recursive: true, force: true });
});

const clean = async () => assert.deepEqual(await violations(page), [], page.url());
const text = () => page.locator("main").innerText();
const press = (name) => page.getByRole("button", { name, exact: true }).first().click();

/// Goes to the link of that name with the keyboard alone, and follows it.
async function followByKeyboard(name) {
  const wanted = page.getByRole("link", { name }).first();
  await page.locator("body").press("Tab");
  for (let presses = 0; presses < 200; presses += 1) {
    if (await wanted.evaluate((link) => link === document.activeElement)) return page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
  }
  assert.fail(`no way to ${name} by keyboard`);
}

describe("a sensor, from a token to an incident", () => {
  it("is offered with what each source cannot see, and the lists are a press away", async () => {
    await signIn(page, program.address, "bas@kuipers.example");
    await page.waitForURL(/kuipers$/);
    await page.goto(base);
    assert.match(await text(), /Nog geen sensor/);
    await clean();
    await followByKeyboard("Meld een sensor aan");
    await page.waitForURL(/aanmelden$/);
    await clean();
  });

  it("enrols with its token once, and sends what it read", async () => {
    await page.locator("#name").fill("kantoor");
    await press("Maak een code");
    await clean();
    const token = (await page.locator("#code").innerText()).trim();
    const state = join(folder, "state");
    const sensor = ["sensor", "--read", join(folder, "office.pcap"), "--server", program.address, "--state", state, "--enrol"];
    const first = await run(...sensor, token);
    assert.equal(first.code, 0, first.stderr);
    const again = await run(...sensor.with(6, join(folder, "other")), token);
    assert.notEqual(again.code, 0, "the token works once");
    secret = JSON.parse(await readFile(join(state, "identity.json"), "utf8")).secret;
  });

  it("is seen with its state, its traffic, its losses and its hosts", async () => {
    await page.goto(base);
    assert.match(await text(), /Leert tot en met/);
    await clean();
    await page.getByRole("link", { name: "kantoor" }).click();
    const said = await text();
    for (const part of ["Gemist", "Apparaten", "Per bestemming", "Onleesbare pakketten"]) assert.ok(said.includes(part), part);
    assert.ok(await page.locator("svg rect.bar").count() >= 24, "a bar an hour");
    await clean();
  });

  it("shows a beacon as dots on a day, and says which cases need attention now", async () => {
    await page.goto(`${base}/bevindingen`);
    assert.match(await text(), /Vraagt nu aandacht|Kan wachten/);
    await clean();
    await page.locator("a[href*='/waarnemingen/']", { hasText: "Belt naar huis" }).first().click();
    assert.ok(await page.locator("circle.dot").count() > 10);
    assert.match(await page.locator("svg[role=img]").first().getAttribute("aria-label"), /\d/);
    await clean();
  });

  it("is excepted by one press, which hides at once what was stored", async () => {
    const detection = page.url();
    await page.locator("a.act", { hasText: "Dit is hier gewoon" }).click();
    await page.locator("#reason").fill("de bewaking van de leverancier");
    await clean();
    await press("Maak de uitzondering");
    await page.waitForURL(/bewaard=uitzondering/);
    await page.goto(detection);
    assert.match(await text(), /de bewaking van de leverancier/);
    await clean();
    await page.goto(`${base}/uitzonderingen`);
    await page.getByRole("button", { name: /^Neem terug/ }).first().click();
    await page.goto(detection);
    assert.doesNotMatch(await text(), /de bewaking van de leverancier/);
  });

  it("becomes an incident by one press", async () => {
    await page.locator("form[action$='/incident'] button").click();
    await page.waitForURL(/incidenten\/\d+$/);
    await clean();
  });

  it("proposes after some days what is ordinary, to be taken over, refused or edited", async () => {
    const day = 24 * 3600 * 1000;
    const at = (time) => new Date(time).toISOString();
    const habit = (id, host, domain) => JSON.stringify({
      type: "detection", id, first_at: at(Date.now() - 5 * day), last_at: at(Date.now() + 60_000), host: { ip: host }, kind: "beacon",
      severity: "low", confidence: 0.6, technique: [], remote: { ip: "203.0.113.9", port: 443, domain }, evidence: { connections: 40 },
      summary: { nl: "Klopt aan.", en: "Knocks." },
    });
    const lines = ["agent.backup.example", "tel.printers.example", "klok.voorbeeld.example"].flatMap((domain, place) =>
      ["10.0.0.1", "10.0.0.2"].map((host, number) => habit(`h${place}${number}`, host, domain)));
    const sent = await fetch(`${program.address}/api/v1/sensors/reports`, {
      method: "POST", body: lines.join("\n"),
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/x-ndjson" },
    });
    assert.equal(sent.status, 200);
    await page.goto(`${base}/uitzonderingen`);
    await clean();
    await page.getByRole("button", { name: /^Weiger.*tel\.printers/ }).click();
    await page.waitForURL(/bewaard=geweigerd/);
    assert.doesNotMatch(await text(), /tel\.printers/);
    await page.getByRole("link", { name: /^Pas eerst aan.*klok/ }).click();
    assert.equal(await page.locator("#domain").inputValue(), "klok.voorbeeld.example");
    assert.notEqual(await page.locator("#until").inputValue(), "");
    await page.goto(`${base}/uitzonderingen`);
    for (const box of await page.locator("input[name=key]").all()) await box.check();
    await press("Neem de aangevinkte over");
    await page.waitForURL(/bewaard=overgenomen/);
    const said = await text();
    assert.ok(said.includes("agent.backup.example") && said.includes("klok.voorbeeld.example") && said.includes("Bas Kuipers"), said);
    assert.equal(await page.locator("input[name=key]").count(), 0);
    await clean();
  });

  it("offers threat lists with their terms, none of them chosen", async () => {
    await page.goto(`${base}/lijsten`);
    assert.ok(await page.locator("input[name=list]").count() >= 10);
    assert.equal(await page.locator("input[name=list]:checked").count(), 0);
    const said = await text();
    for (const part of ["commercieel gebruik mag", "niet voor commercieel gebruik", "elk uur", "regels"]) assert.ok(said.includes(part), part);
    await clean();
  });

  it("hands a list that was chosen to the sensor", async () => {
    const data = (await readdir(folder)).find((name) => name.startsWith("dijkwacht-demo-"));
    const list = ["intel", "add", join(folder, "office.intel.txt"), "--name", "eigen", "--intel-dir", join(folder, data, "lists")];
    const added = await run(...list);
    assert.equal(added.code, 0, added.stderr);
    await page.goto(`${base}/lijsten`);
    await page.locator("input[name=list][value=eigen]").check();
    await press("Bewaar de keuze");
    await page.waitForURL(/bewaard=keuze/);
    assert.match(await text(), /Gekozen door Bas Kuipers/);
    await clean();
    // The first run is told; the next fetches when it begins.
    const sensor = ["sensor", "--read", join(folder, "office.pcap"), "--server", program.address, "--state", join(folder, "state")];
    let kept = [];
    for (let runs = 0; runs < 5 && !kept.includes("eigen.list"); runs += 1) {
      await run(...sensor);
      kept = await readdir(join(folder, "state", "lists")).catch(() => []);
    }
    assert.ok(kept.includes("eigen.list"), kept.join());
    await run(...sensor);
    await page.goto(base);
    await page.getByRole("link", { name: "kantoor" }).click();
    assert.match(await text(), /eigen: \d+ regels/);
  });

  it("compares with others only once the organisation's own administrator says so, and the sheet tells", async () => {
    await page.goto(`${base}/vergelijken`);
    assert.match(await text(), /vergelijkt niets met anderen/);
    await clean();
    await press("Zet vergelijken aan");
    await page.waitForURL(/bewaard=ja/);
    await clean();
    await page.goto(`${base}/privacyblad`);
    assert.match(await text(), /als hash/);
    await page.goto(`${base}/vergelijken`);
    await press("Zet vergelijken uit");
    await page.goto(`${base}/privacyblad`);
    assert.match(await text(), /wordt niets vergeleken/);
    await clean();
  });

  it("has the staff told on record, and gives the privacy sheet as PDF", async () => {
    await page.goto(`${base}/personeel`);
    await clean();
    await page.locator("#informed_on").fill(new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Amsterdam" }));
    await page.locator("#how").fill("In het werkoverleg; er is geen OR.");
    await press("Leg vast dat het personeel is ingelicht");
    await page.waitForURL(/bewaard=ja/);
    await page.goto(`${base}/privacyblad`);
    assert.match(await text(), /In het werkoverleg/);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download als PDF" }).click();
    const file = await download;
    assert.match(file.suggestedFilename(), /^privacyblad-sensoren-kuipers\.pdf$/);
    assert.equal((await readFile(await file.path())).subarray(0, 5).toString(), "%PDF-");
  });
});
