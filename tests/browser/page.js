// Opens pages in the browser that is installed, and nothing of the network.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

/** The folder with a page for each organization. */
export const PAGES = process.env.MFAUDIT_PAGES;

let browser;

/** Starts the browser; its profile goes away with it. */
export async function start() {
  // In a container there is no sandbox to be had; the pages are our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath: process.env.MFAUDIT_CHROMIUM ?? '/usr/bin/chromium', args });
}

export const stop = () => browser.close();

/** Opens a page from disk, and runs `look` on it. Whatever it asks of a network, or says is wrong, is a failure, but what is `expected`. */
export async function open(name, look, { fragment = '', expected = /^$/, ...options } = {}) {
  const file = join(PAGES, `${name}.html`);
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on('pageerror', (it) => troubles.push(String(it)));
  page.on('console', (it) => {
    if (['error', 'warning'].includes(it.type())) troubles.push(it.text());
  });
  page.on('dialog', (it) => {
    troubles.push(`a dialog: ${it.message()}`);
    it.dismiss();
  });
  page.on('request', (it) => {
    if (!it.url().startsWith('file:')) troubles.push(`a request: ${it.url()}`);
  });
  try {
    await page.goto(`${pathToFileURL(file)}${fragment}`);
    if (options.javaScriptEnabled !== false) await ready(page);
    await look(page);
    const unexpected = troubles.filter((it) => !expected.test(it));
    if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
  } finally {
    await context.close();
  }
}

/** Waits until the page's script has read the data. */
export const ready = (page) => page.waitForFunction(() => performance.getEntriesByName('mfaudit-ready').length > 0);

/** Returns a new folder that goes away with the process. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'mfaudit-browser-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
