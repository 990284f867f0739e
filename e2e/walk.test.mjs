// The whole road in a real browser: report, facts, verdict, decision, dossier, letter, register; every page checked for
// accessibility; and once more without script.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { browser, run, seenBySensors, signIn, start, violations } from "./dijkwacht.mjs";

/// What is learned about a letter sent to the wrong client: a stranger saw BSN and debts of one person.
const FACTS = {
  security_incident: "true", personal_data: "true", role: "controller", confidentiality: "confirmed", integrity: "none",
  availability: "none", incident_type: "misdelivered_post", cause: "internal_accidental", exfiltration: "not_applicable",
  recipient: "known_untrusted", recipient_count: "1", deletion_confirmed: "false", systemic: "false",
  data: ["name", "address", "birth_date", "national_id", "debt"], subjects_min: "1", subjects_max: "1", records: "1",
  groups: ["customers"], vulnerable: "false", identification: "maximum", protection: "none", service_impact: "none",
  consequences: ["identity_fraud", "reputation"],
};

async function fill(page, facts) {
  for (const [fact, value] of Object.entries(facts)) {
    for (const word of [value].flat()) {
      const box = page.locator(`input[name="${fact}"][value="${word}"]:is([type=radio],[type=checkbox])`);
      if (await box.count()) await box.check();
      else if (await page.locator(`select[name="${fact}"]`).count()) await page.locator(`select[name="${fact}"]`).selectOption(word);
      else await page.locator(`input[name="${fact}"]`).fill(word);
    }
  }
}

/// Fills in the moment it is, as a person in the Netherlands reads it off the wall.
async function fillNow(page, name) {
  const [day, time] = new Date().toLocaleString("sv-SE", { timeZone: "Europe/Amsterdam" }).split(" ");
  await page.locator(`#${name}-dag`).fill(day);
  await page.locator(`#${name}-tijd`).fill(time.slice(0, 5));
}

let program, chrome, folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dijkwacht-e2e-"));
  [program, chrome] = await Promise.all([start("demo"), browser()]);
});
after(async () => {
  await chrome?.close();
  await program?.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const [name, javaScriptEnabled] of [["with script", true], ["without script", false]]) {
  describe(`the road from report to register, ${name}`, () => {
    let context, page, incident;
    const clean = async () => javaScriptEnabled && assert.deepEqual(await violations(page), [], page.url());

    before(async () => {
      context = await chrome.newContext({ javaScriptEnabled, locale: "nl-NL", viewport: { width: 390, height: 844 } });
      page = await context.newPage();
    });
    after(() => context.close());

    it("takes a report on a phone, without an account", async () => {
      await page.goto(`${program.address}/melden/demo-kuipers`);
      await clean();
      await page.getByRole("button").last().click();
      await assert.doesNotReject(page.locator("#what-fout").waitFor());
      await clean();
      await page.locator("#what").fill(`Aanmaning in de verkeerde envelop gedaan, ${name}`);
      await page.locator("#when").fill("vanochtend");
      await page.getByRole("button").last().click();
      await page.waitForURL(/dank/);
      await clean();
    });

    it("lets the officer sign in on a desk and find the report with its clock", async () => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await signIn(page, program.address, "bas@kuipers.example");
      await page.waitForURL(/\/o\/kuipers$/);
      await clean();
      await page.getByRole("link", { name: new RegExp(`Aanmaning in de verkeerde envelop gedaan, ${name}`) }).first().click();
      await page.waitForURL(/incidenten\/\d+$/);
      incident = page.url();
      await clean();
    });

    it("records facts, and names at the field what is wrong with one", async () => {
      await page.goto(`${incident}/feiten`);
      await clean();
      await fill(page, { ...FACTS, subjects_min: "5", subjects_max: "1" });
      await page.locator('form[action$="/feiten"] button.act').last().click();
      await page.locator(".is-wrong, [role=alert]").first().waitFor();
      assert.equal(await page.locator('input[name="data"][value="debt"]').isChecked(), true, "nothing typed is lost");
      await clean();
      await page.locator('input[name="subjects_min"]').fill("1");
      await page.locator('form[action$="/feiten"] button.act').last().click();
      await page.waitForLoadState();
      await page.goto(`${incident}/feiten`);
      assert.equal(await page.locator('input[name="data"][value="debt"]').isChecked(), true);
    });

    it("takes files as evidence, shows a picture as a picture, and gives a page back as a file alone", async () => {
      await page.goto(`${incident}/bewijs`);
      await clean();
      const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
      await page.locator("#bestanden").setInputFiles([
        { name: 'scherm "één".png', mimeType: "image/png", buffer: Buffer.from(picture, "base64") },
        { name: "val.html", mimeType: "text/html", buffer: Buffer.from(`<script>alert("${name}")</script>`) },
      ]);
      await page.locator("#omschrijving").fill("Het scherm van de mailer");
      await page.locator("#toevoegen button.act").click();
      await page.getByRole("link", { name: 'scherm "één".png' }).click();
      await page.locator("img.evidence-picture").waitFor();
      // An image is visible before it is there; only once it could be read does it have a width.
      const width = (one) => one.decode().then(() => one.naturalWidth);
      if (javaScriptEnabled) assert.equal(await page.locator("img.evidence-picture").evaluate(width), 1);
      await clean();
      await page.goto(`${incident}/bewijs`);
      await clean();
      await page.getByRole("link", { name: "val.html" }).click();
      assert.equal(await page.locator("img.evidence-picture").count(), 0);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download toch" }).click();
      assert.equal((await download).suggestedFilename(), "val.html");
      await page.reload();
      assert.match(await page.locator("main").innerText(), /Bewijs gedownload: val\.html/);
      await clean();
    });

    it("shows a verdict with its articles and never the word undetermined", async () => {
      await page.goto(`${incident}/oordeel`);
      const text = await page.locator("main").innerText();
      assert.match(text, /AVG art\. 33\(1\)/);
      assert.doesNotMatch(text, /undetermined|onbepaald/i);
      await clean();
    });

    it("takes a person's decision with a motivation", async () => {
      await page.goto(`${incident}/besluit`);
      await clean();
      for (const yes of await page.locator('form.decision input[value="ja"]').all()) await yes.check();
      await page.locator("form.decision > p > button.act").click();
      await page.locator("#motivering-fout").waitFor();
      await page.locator("#motivering").fill("BSN en schulden bij een vreemde: wij melden en lichten de klant in.");
      await page.locator("form.decision > p > button.act").click();
      await page.waitForLoadState();
      await page.goto(`${incident}/besluit`);
      const text = await page.locator("main").innerText();
      assert.match(text, /Bas Kuipers/);
      assert.match(text, /BSN en schulden bij een vreemde/);
      await clean();
    });

    it("makes the AP dossier and the letter as PDF, and records what was sent", async () => {
      await page.goto(`${incident}/documenten`);
      await clean();
      for (const kind of ["ap_dossier", "letter"]) {
        const make = page.locator(`form:has(input[name="soort"][value="${kind}"]) button`);
        await make.click();
        await page.waitForLoadState();
      }
      await page.goto(`${incident}/documenten`);
      const links = await page.locator('main a[href$=".pdf"]').evaluateAll((all) => all.map((one) => one.href));
      assert.equal(new Set(links).size, 2, "two documents");
      for (const link of new Set(links)) {
        const answer = await context.request.get(link);
        assert.equal(answer.headers()["content-type"], "application/pdf");
        assert.equal((await answer.body()).subarray(0, 5).toString(), "%PDF-");
      }
      await page.locator("#meldingsnummer").fill("2026-000123");
      await fillNow(page, "gemeld");
      await page.locator("#gemeld button.act:not([type])").click();
      await page.waitForLoadState();
      await page.goto(`${incident}/documenten`);
      await page.locator("#aantal").fill("1");
      await page.locator("#kanaal").fill("brief");
      await fillNow(page, "ingelicht");
      await page.locator("#ingelicht button.act:not([type])").click();
      await page.waitForLoadState();
      await page.goto(`${incident}/tijdlijn`);
      assert.match(await page.locator("main").innerText(), /2026-000123/);
      await clean();
    });

    it("shows what changed since the report, records a supplement, and takes the report back when the verdict turns", async () => {
      const learn = async (facts) => {
        await page.goto(`${incident}/feiten`);
        await fill(page, facts);
        await page.locator('form[action$="/feiten"] button.act').last().click();
        await page.waitForURL(/oordeel/);
        await page.goto(`${incident}/documenten`);
      };
      const record = async (kind, reason) => {
        await page.locator(`#gemeld input[value="${kind}"]`).check();
        await page.locator("#reden").fill(reason);
        await fillNow(page, "gemeld");
        await page.locator("#gemeld button.act:not([type])").click();
        await page.waitForLoadState();
      };
      await learn({ subjects_max: "3" });
      assert.match(await page.locator("#ap").innerText(), /Vul de melding bij de AP aan/);
      assert.match(await page.locator("#ap .changes").innerText(), /Gemeld:\s*1[\s\S]*Nu:\s*3/);
      assert.equal(await page.locator("#meldingsnummer").inputValue(), "2026-000123", "the first number is proposed");
      await clean();
      await record("supplement", "");
      await page.goto(`${incident}/documenten`);
      assert.match(await page.locator("#ap").innerText(), /Er is nu niets te melden/);
      await learn({ security_incident: "false" });
      assert.match(await page.locator("#ap").innerText(), /Trek de melding bij de AP in/);
      await record("withdrawal", "");
      await page.locator("#reden-fout").waitFor();
      await clean();
      await record("withdrawal", "De envelop bleek leeg.");
      await page.goto(`${incident}/documenten`);
      assert.match(await page.locator("#meldingen").innerText(), /Intrekking[\s\S]*De envelop bleek leeg[\s\S]*Aanvulling[\s\S]*Eerste melding/);
      await page.goto(`${incident}/besluit`);
      assert.match(await page.locator("main").innerText(), /Dit is er sinds het besluit veranderd/);
      await clean();
    });

    it("exports a register that verifies offline, and no longer does when one byte is changed", async () => {
      await page.goto(`${program.address}/o/kuipers/register`);
      await clean();
      const line = await page.locator("#controle").textContent();
      const key = line.match(/--key (\S+)/)[1];
      const answer = await context.request.get(`${program.address}/o/kuipers/register/export`);
      const zip = await answer.body();
      const file = join(folder, "register.zip");
      await writeFile(file, zip);
      const sound = await run("verify", file, "--key", key, "--format", "json");
      assert.equal(sound.code, 0, sound.stdout + sound.stderr);
      assert.equal(JSON.parse(sound.stdout).sound, true);
      // Members are stored as they are, so the words of the motivation stand in the file.
      const at = zip.indexOf("BSN en schulden");
      assert.ok(at > 0);
      zip[at] = "b".charCodeAt(0);
      await writeFile(file, zip);
      const changed = await run("verify", file, "--key", key);
      assert.equal(changed.code, 1, changed.stdout);
      assert.match(changed.stdout, /entries\.jsonl, inschrijving \d+/);
    });

    it("says of an earlier register what is wrong with its rows first, and where", async () => {
      await page.goto(`${program.address}/o/kuipers/register/inlezen`);
      await clean();
      const rows = `Nr;Datum ontdekking;Omschrijving\n1;3-4-2019;Mail verkeerd, ${name}\n2;03/04/2019;Laptop kwijt\n`;
      await page.locator("#bestand").setInputFiles({ name: "oud.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
      await page.locator("main form button.act").click();
      await page.locator("#kolommen").waitFor();
      await clean();
      await page.locator('button[value="bekijk"]').click();
      await page.locator(".errors").waitFor();
      assert.match(await page.title(), /^Fout: /);
      if (javaScriptEnabled) assert.ok(await page.evaluate(() => document.activeElement.className.includes("errors")));
      await clean();
      await page.locator(".errors a").click();
      assert.match(page.url(), /#plan$/);
      await page.locator("#streep").selectOption("day_first");
      await page.locator('button[value="bekijk"]').click();
      await page.locator('button[value="neem-over"]').waitFor();
      assert.equal(await page.locator(".errors").count(), 0);
      await clean();
    });
  });
}

describe("every page that each of them can reach", () => {
  it("is accessible, in Dutch and in English, light and dark, on a phone and on a desk", async () => {
    const looks = [
      { width: 390, height: 844, colorScheme: "light", tongue: "nl" },
      { width: 1280, height: 900, colorScheme: "dark", tongue: "en" },
    ];
    for (const { width, height, colorScheme, tongue } of looks) {
      const context = await chrome.newContext({ viewport: { width, height }, colorScheme, locale: "nl-NL" });
      const page = await context.newPage();
      const check = async (path) => {
        const answer = await page.goto(`${program.address}${path}${path.includes("?") ? "&" : "?"}taal=${tongue}`);
        assert.ok(answer.status() < 500, `${path}: ${answer.status()}`);
        assert.equal(await page.locator("html").getAttribute("lang"), tongue, path);
        assert.deepEqual(await violations(page), [], `${path} ${colorScheme} ${width}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen of ${width} px`);
      };
      for (const path of ["/aanmelden", "/hulp", "/over", "/melden/demo-de-vries", "/er-is-hier-niets"]) await check(path);
      await page.context().clearCookies();
      await signIn(page, program.address, "sanne@lantaarn.example");
      await page.waitForURL(/bord/);
      for (const path of ["/bord", "/o/de-vries", "/o/de-linde/incidenten", "/o/zeebries/register", "/o/kuipers"]) await check(path);
      for (const slug of ["de-vries", "de-klaver", "het-kompas", "zeebries"]) {
        for (const tab of ["", "/vragen", "/vragen/exceptions", "/feiten", "/oordeel", "/besluit", "/documenten", "/klokken", "/tijdlijn"]) await check(`/o/${slug}/incidenten/1${tab}`);
      }
      for (const path of await seenBySensors(page, `${program.address}/o/de-vries/sensoren`)) await check(path);
      await page.context().clearCookies();
      await signIn(page, program.address, "bas@kuipers.example");
      await page.waitForURL(/kuipers/);
      await check("/o/kuipers/instellingen");
      await context.close();
    }
  });

  it("keeps one organisation's pages from another's people", async () => {
    const context = await chrome.newContext();
    const page = await context.newPage();
    await signIn(page, program.address, "bas@kuipers.example");
    await page.waitForURL(/kuipers/);
    for (const path of ["/o/de-vries", "/o/de-vries/incidenten/1", "/o/de-vries/register/export"]) {
      const answer = await page.goto(`${program.address}${path}`).catch((error) => assert.fail(String(error)));
      assert.equal(answer.status(), 404, path);
    }
    await context.close();
  });
});

describe("a first start", () => {
  it("gives a one-time link, behind which the first administrator sets up and signs in", async () => {
    const served = await start("serve", "--data", join(folder, "first"));
    try {
      const link = served.said().match(/\S+\/instellen\/\S+/)[0];
      const context = await chrome.newContext({ locale: "nl-NL" });
      const page = await context.newPage();
      await page.goto(link);
      assert.deepEqual(await violations(page), []);
      await page.locator("#organisation").fill("Bakkerij Jansen");
      await page.locator("#name").fill("Jan Jansen");
      await page.locator("#email").fill("jan@jansen.example");
      await page.locator("#password").fill("te kort");
      // The browser would refuse it itself; what the server says must be right as well.
      await page.locator("main form").last().evaluate((form) => (form.noValidate = true));
      await page.locator("main form button").last().click();
      await page.locator("#password-fout").waitFor();
      await page.locator("#password").fill("vier losse woorden hier");
      await page.locator("main form button").last().click();
      await page.waitForURL(/\/o\/bakkerij-jansen/);
      const text = await page.locator("body").innerText();
      assert.doesNotMatch(text, /\b(leverancier|klanten|bord)\b/i, "no word about providers or boards");
      assert.deepEqual(await violations(page), []);
      const again = await page.goto(link);
      assert.equal(again.status(), 404, "the link works once");
      await context.close();
    } finally {
      await served.stop();
    }
    const export_ = await run("export", "--data", join(folder, "first"), "--organisation", "bakkerij-jansen", "--out", join(folder, "empty.zip"));
    assert.equal(export_.code, 0, export_.stderr);
    assert.equal((await run("verify", join(folder, "empty.zip"))).code, 0);
    assert.ok((await readFile(join(folder, "empty.zip"))).length > 0);
  });
});
