// Narrow screens: nothing scrolls sideways, and ordinary words stay whole.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { browser, seenBySensors, signIn, start } from "./dijkwacht.mjs";

/// Ordinary words that are broken over two lines on the page that is shown, as `word in "its text"`. A browser may divide
/// words by syllable (`hyphens`); it is told not to here, so that what is left are breaks in the middle of nowhere.
function brokenWords(page) {
  return page.evaluate(() => {
    document.documentElement.style.setProperty("hyphens", "manual");
    document.body.style.setProperty("hyphens", "manual");
    // What is shown to screen readers alone is clipped to nothing.
    const isClipped = (element) =>
      element !== null && (getComputedStyle(element).clipPath !== "none" || isClipped(element.parentElement));
    const broken = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (!node.parentElement.checkVisibility() || isClipped(node.parentElement)) continue;
      for (const { 0: word, index } of node.data.matchAll(/(?<![\p{L}\p{N}./@_-])\p{L}{2,}(?![\p{L}\p{N}/@_-])/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
        const lines = new Set(boxes.map((box) => Math.round(box.top)));
        // A word longer than its whole line cannot but be divided.
        let block = node.parentElement;
        while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
        const fits = boxes.reduce((width, box) => width + box.width, 0) <= block.clientWidth;
        if (lines.size > 1 && fits) broken.push(`${word} in "${node.data.trim().slice(0, 60)}"`);
      }
    }
    return broken;
  });
}

let program, chrome;
before(async () => ([program, chrome] = await Promise.all([start("demo"), browser()])));
after(async () => {
  await chrome?.close();
  await program?.stop();
});

describe("a narrow screen", () => {
  // The narrowest phone, and where tables are no longer cards and have the least room.
  for (const [width, tongue] of [[360, "nl"], [360, "en"], [780, "nl"]]) {
    it(`of ${width} px shows every page without scrolling sideways, and every word whole, in ${tongue}`, async () => {
      const context = await chrome.newContext({ viewport: { width, height: 740 }, locale: "nl-NL" });
      const page = await context.newPage();
      const wrong = [];
      const check = async (path) => {
        const answer = await page.goto(`${program.address}${path}${path.includes("?") ? "&" : "?"}taal=${tongue}`);
        assert.ok(answer.status() < 500, `${path}: ${answer.status()}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) wrong.push(`${path}: ${over} px wider than the screen`);
        for (const word of await brokenWords(page)) wrong.push(`${path}: ${word}`);
      };
      for (const path of ["/aanmelden", "/hulp", "/over", "/melden/demo-de-vries", "/er-is-hier-niets"]) await check(path);
      await context.clearCookies();
      await signIn(page, program.address, "sanne@lantaarn.example");
      await page.waitForURL(/bord/);
      for (const path of ["/bord", "/o/de-vries", "/o/de-linde/incidenten", "/o/zeebries/register", "/o/kuipers"]) await check(path);
      for (const path of ["/register/inlezen", "/bewaren", "/uitgaand"]) await check(`/o/zeebries${path}`);
      for (const slug of ["de-vries", "de-klaver", "het-kompas", "zeebries"]) {
        for (const tab of ["", "/vragen", "/vragen/exceptions", "/feiten", "/oordeel", "/besluit", "/documenten", "/bewijs", "/klokken", "/tijdlijn", "/bewaren"]) {
          await check(`/o/${slug}/incidenten/1${tab}`);
        }
      }
      for (const path of await seenBySensors(page, `${program.address}/o/de-vries/sensoren`)) await check(path);
      await context.clearCookies();
      await signIn(page, program.address, "bas@kuipers.example");
      await page.waitForURL(/kuipers/);
      for (const path of ["", "/bewaren"]) await check(`/o/kuipers/instellingen${path}`);
      await check("/o/kuipers/personen");
      for (const path of ["", "/lijsten", "/vergelijken", "/uitzonderingen", "/instellingen"]) await check(`/o/kuipers/sensoren${path}`);
      await context.close();
      assert.deepEqual(wrong, []);
    });
  }
});
