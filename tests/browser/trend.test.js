// How runs came out over time, in a real browser.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { open, start, stop } from './page.js';

before(start);
after(stop);

const charts = (page) => page.locator('.over-time .trend');

describe('over time', () => {
  it('each chart is an image that says where its lines begin and end', () => open('over-time', async (page) => {
    const images = page.locator('.over-time').getByRole('img');
    assert.equal(await images.count(), 3);
    const name = await images.first().locator('title').textContent();
    assert.match(name, /^Open failures: failures from 510 to \d+; can sign in without MFA from 420 to 21, 3 unknown$/);
  }));

  it('a line is broken where nothing tells', () => open('over-time', async (page) => {
    assert.equal(await charts(page).nth(0).locator('polyline').count(), 3);
    assert.equal(await charts(page).nth(1).locator('polyline').count(), 6);
  }));

  it('the lines stay within the chart, wide and narrow', async () => {
    for (const viewport of [{ width: 1280, height: 900 }, { width: 390, height: 844 }]) {
      await open('over-time', async (page) => {
        for (const chart of await charts(page).all()) {
          const frame = await chart.boundingBox();
          assert.ok(frame.width > 200 && frame.x >= 0 && frame.x + frame.width <= viewport.width, JSON.stringify(frame));
          for (const line of await chart.locator('polyline').all()) {
            const box = await line.boundingBox();
            assert.ok(box.x >= frame.x && box.x + box.width <= frame.x + frame.width, JSON.stringify([box, frame]));
            assert.ok(box.y >= frame.y && box.y + box.height <= frame.y + frame.height, JSON.stringify([box, frame]));
          }
        }
      }, { viewport });
    }
  });

  it('all numbers can be read, without a script too', () => open('over-time', async (page) => {
    await page.getByText('All numbers').click();
    const rows = page.locator('.over-time tbody tr');
    assert.equal(await rows.count(), 400);
    assert.match(await rows.first().innerText(), /^2026-\d\d-\d\dT/);
    assert.match(await rows.first().innerText(), /21, 3 unknown/);
    assert.equal(await rows.getByText('part of the organization').count(), 1);
  }, { javaScriptEnabled: false }));

  it('no number of the table is broken on a narrow screen, and the page is as wide as the screen', () => open('over-time', async (page) => {
    await page.getByText('All numbers').click();
    const lines = await page.locator('.over-time td').evaluateAll((cells) => cells.map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getClientRects().length;
    }));
    assert.deepEqual([...new Set(lines)], [1]);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  }, { viewport: { width: 390, height: 844 } }));

  it('on paper the charts stand side by side', () => open('over-time', async (page) => {
    await page.emulateMedia({ media: 'print' });
    const boxes = await Promise.all((await charts(page).all()).map((it) => it.boundingBox()));
    assert.equal(new Set(boxes.map((it) => Math.round(it.y))).size, 1, JSON.stringify(boxes));
  }, { viewport: { width: 794, height: 1123 } }));

  it('a page that was given no runs has no charts', () => open('mixed', async (page) => {
    assert.equal(await page.locator('.over-time').count(), 0);
  }));
});
