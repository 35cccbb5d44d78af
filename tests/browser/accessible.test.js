// axe finds nothing wrong with any view, light or dark, wide or narrow.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { open, start, stop } from './page.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

before(start);
after(stop);

async function check(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const told = violations.map((it) => `${it.impact} ${it.id}: ${it.nodes.map((node) => `${node.target} ${node.failureSummary}`).join('\n  ')}`);
  assert.deepEqual(told, [], what);
}

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

describe('axe finds nothing', () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      it(`in any view, ${colorScheme} and ${size}`, () => open('compared', async (page) => {
        for (const tab of ['Findings', 'Accounts', 'Frameworks', 'Evidence', 'Rules and waivers']) {
          await page.getByRole('tab', { name: tab }).click();
          await check(page, tab);
        }
        await page.getByRole('tab', { name: 'Findings' }).click();
        await page.locator('#view-findings .window .row').first().click();
        await page.waitForTimeout(200);
        await check(page, 'a finding');
      }, { colorScheme, viewport }));
    }
  }

  for (const name of ['framework', 'excused', 'hostile', 'unseen', 'empty', 'over-time']) {
    it(`in the page of ${name}`, () => open(name, async (page) => {
      for (const tab of ['Findings', 'Frameworks', 'Rules and waivers']) {
        await page.getByRole('tab', { name: tab }).click();
        await check(page, tab);
      }
    }));
  }

  it('that is wider than a telephone', () => open('hostile', async (page) => {
    for (const tab of ['Findings', 'Accounts', 'Evidence', 'Rules and waivers']) {
      await page.getByRole('tab', { name: tab }).click();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${tab}: ${over} pixels too wide`);
    }
  }, { viewport: SIZES.narrow }));
});
