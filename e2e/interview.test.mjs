// The interview in a real browser: three breaches asked question by question, every page checked for accessibility, on a
// phone and on a desk, by mouse and by keyboard, with and without script.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { browser, signIn, start, violations } from "./dijkwacht.mjs";

/// A laptop with patients' data is stolen from a car. It was encrypted, the key was not with it, and there is a backup.
const LAPTOP = {
  security_incident: "true", personal_data: "true", role: "controller", confidentiality: "none", integrity: "none",
  availability: "none", incident_type: "device_lost_or_stolen", cause: "external_malicious", exfiltration: "excluded",
  recipient: "unknown", deletion_confirmed: "false", systemic: "false", data: ["name", "birth_date", "national_id", "health"],
  persons: "350", groups: ["patients"], vulnerable: "true", identification: "maximum", protection: "intact",
  protection_kind: "encryption", key_compromised: "false", remote_wipe: "none", backup: "complete", restore_hours: "2",
  service_impact: "none", consequences: ["secrecy_lost"], cbw_entity: "none", exceptions: "none",
};

/// A list with debts goes to the wrong client, who answers to nobody.
const MAIL = {
  ...LAPTOP, confidentiality: "confirmed", incident_type: "sent_by_mistake", cause: "internal_accidental",
  exfiltration: "not_applicable", recipient: "known_untrusted", recipient_count: "1",
  data: ["name", "address", "national_id", "debt"], persons: "band", groups: ["customers"], vulnerable: "false",
  protection: "none", consequences: ["identity_fraud", "reputation"],
};

/// Files are locked by ransomware at the firm that runs the systems; most is not known yet.
const RANSOMWARE = {
  role: "controller", incident_type: "ransomware", data: ["name", "contact", "financial"], groups: ["customers"], nature:
    { confidentiality: "possible", integrity: "weet-niet", availability: "temporary" },
  description: "Het beheerbedrijf meldt dat onze bestanden zijn versleuteld.",
  measures_taken: "Het netwerk is losgekoppeld, de reservekopie staat apart.",
};

/// Fills in the moment it is, as a person in the Netherlands reads it off the wall.
async function fillNow(page, name) {
  const [day, time] = new Date().toLocaleString("sv-SE", { timeZone: "Europe/Amsterdam" }).split(" ");
  await page.locator(`#${name}-dag`).fill(day);
  await page.locator(`#${name}-tijd`).fill(time.slice(0, 5));
}

const item = (page) => new URL(page.url()).pathname.match(/\/vragen\/(\w+)$/)?.[1];
const save = (page) => page.locator("main form .buttons button.act").first().click();

/// Gives the answer that somebody knows; what they do not know, they say they do not know.
async function answer(page, known) {
  const key = item(page);
  if (key === "aware_at") {
    await fillNow(page, "kennis");
    await page.locator("#kennis-reden").fill("Toen wisten we het vrijwel zeker.");
    return save(page);
  }
  if (key === "detected_at") return save(page);
  const value = known[key];
  if (value === undefined) return page.locator('button[name="weet-niet"]').click();
  if (key === "persons" && value === "band") return page.locator('button[name="orde"]').first().click();
  if (key === "persons") {
    await page.locator("#personen").fill(value);
    // The enter key saves what was typed, whatever other buttons stand there.
    return page.locator("#personen").press("Enter");
  }
  if (key === "exceptions") await page.locator("#geen").check();
  else if (typeof value === "object" && !Array.isArray(value)) {
    for (const [fact, word] of Object.entries(value)) await page.locator(`input[name="${fact}"][value="${word}"]`).check();
  } else if (await page.locator(`textarea[name="${key}"], input[type="text"][name="${key}"]`).count()) {
    await page.locator(`[name="${key}"]`).fill(value);
  } else {
    for (const word of [value].flat()) await page.locator(`input[name="${key}"][value="${word}"]`).check();
  }
  return save(page);
}

let program, chrome;
before(async () => {
  [program, chrome] = await Promise.all([start("demo"), browser()]);
});
after(async () => {
  await chrome?.close();
  await program?.stop();
});

/// Reports something without an account, and opens it as the officer.
async function open(page, title) {
  await page.goto(`${program.address}/melden/demo-kuipers`);
  await page.locator("#what").fill(title);
  await page.getByRole("button").last().click();
  await page.waitForURL(/dank/);
  await signIn(page, program.address, "bas@kuipers.example");
  await page.waitForURL(/\/o\/kuipers$/);
  await page.getByRole("link", { name: new RegExp(title) }).first().click();
  await page.waitForURL(/incidenten\/\d+$/);
  return page.url();
}

/// From where the interview stands to its end; the questions that were asked.
async function walk(page, known, check) {
  await check();
  await page.locator("main a.act[href*='/vragen/']").first().click();
  const asked = [];
  while (item(page)) {
    assert.ok(asked.length < 40, `it does not end: ${asked}`);
    asked.push(item(page));
    assert.equal(await page.locator("h1").count(), 1);
    await check();
    const was = page.url();
    await answer(page, known);
    await page.waitForURL((url) => url.href !== was);
  }
  await check();
  return asked;
}

const STORIES = [
  ["a stolen laptop whose key is safe", LAPTOP, "", /Melden bij de Autoriteit Persoonsgegevens hoeft niet/],
  ["a mail to the wrong client", MAIL, "", /Meld dit datalek bij de Autoriteit Persoonsgegevens, uiterlijk/],
  ["ransomware of which little is known, by the emergency road", RANSOMWARE, "?weg=nood", /De eerste melding is in te vullen/],
];

for (const [name, known, road, outcome] of STORIES) {
  describe(`${name}, question by question`, () => {
    it("asks what counts and no more, and says what follows from it", async () => {
      const isPhone = road !== "";
      const context = await chrome.newContext({
        locale: "nl-NL", viewport: isPhone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
        colorScheme: isPhone ? "dark" : "light",
      });
      const page = await context.newPage();
      const incident = await open(page, name);
      await page.goto(`${incident}/vragen${road}`);
      const check = async () => {
        assert.deepEqual(await violations(page), [], page.url());
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${page.url()} is ${overflow} px wider than the screen`);
      };
      const asked = await walk(page, known, check);
      assert.equal(new Set(asked).size, asked.length, `asked twice: ${asked}`);
      if (road) assert.ok(asked.length <= 12, `${asked.length} answers: ${asked}`);
      const text = await page.locator("main").innerText();
      assert.match(text, outcome);
      assert.doesNotMatch(text, /undetermined|onbepaald/i);
      await context.close();
    });
  });
}

describe("the interview", () => {
  it("works without script", async () => {
    const context = await chrome.newContext({ javaScriptEnabled: false, locale: "nl-NL", viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const incident = await open(page, "zonder script");
    await page.goto(`${incident}/vragen`);
    const asked = await walk(page, MAIL, async () => {});
    assert.ok(asked.length > 3, `${asked}`);
    assert.match(await page.locator("main").innerText(), /Meld dit datalek/);
    await context.close();
  });

  it("is answered by keyboard alone, says at the field what is wrong, and goes back to change an answer", async () => {
    const context = await chrome.newContext({ locale: "nl-NL", viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const incident = await open(page, "met het toetsenbord");
    await page.goto(`${incident}/vragen/recipient_count`);
    await page.locator("#recipient_count").focus();
    await page.keyboard.type("een paar");
    await page.keyboard.press("Enter");
    await page.locator("#recipient_count-fout").waitFor();
    assert.equal(await page.locator("#recipient_count").inputValue(), "een paar");
    assert.equal(await page.evaluate(() => document.activeElement.className.includes("errors")), true, "the summary has the focus");
    assert.deepEqual(await violations(page), []);
    await page.goto(`${incident}/vragen/security_incident`);
    await page.locator("#security_incident").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".last-answer").waitFor();
    assert.match(await page.locator(".last-answer").innerText(), /Ja/);
    await page.locator(".back").click();
    assert.equal(item(page), "security_incident");
    assert.equal(await page.locator("#security_incident").isChecked(), true);
    await page.locator('button[name="weet-niet"]').click();
    await page.goto(`${incident}/vragen`);
    assert.match(await page.locator("#onbekend").innerText(), /Nu wel bekend/);
    assert.deepEqual(await violations(page), []);
    await context.close();
  });

  it("gives back what was typed when it was not sent", async () => {
    const context = await chrome.newContext({ locale: "nl-NL" });
    const page = await context.newPage();
    const incident = await open(page, "half getypt");
    await page.goto(`${incident}/vragen/description`);
    await page.locator("#description").fill("Een half verhaal");
    await page.goto(`${incident}/vragen/description`);
    await page.locator("[data-restore]").click();
    assert.equal(await page.locator("#description").inputValue(), "Een half verhaal");
    await save(page);
    await page.waitForURL(/vragen/);
    await page.goto(`${incident}/vragen/description`);
    assert.equal(await page.locator(".draft").isVisible(), false, "a draft that was saved is let go");
    await context.close();
  });
});
