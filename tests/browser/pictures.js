// Takes the pictures that the README shows: the page, wide and on a telephone, and the table as a terminal shows it.
//
//   tests/run browser pictures.js

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const { MFAUDIT_BINARY, MFAUDIT_CHROMIUM, MFAUDIT_PICTURES } = process.env;
const COLUMNS = 110;
/** What a terminal makes of the codes that the table uses. */
const STYLES = { 1: 'font-weight:bold', 2: 'opacity:.65', 31: 'color:#ff7b72', 32: 'color:#7ee787', 33: 'color:#e3b341' };

const folder = mkdtempSync(join(tmpdir(), 'mfaudit-'));
const page = join(folder, 'page.html');
const demo = (...more) => execFileSync(MFAUDIT_BINARY, ['demo', ...more], { env: { ...process.env, COLUMNS }, encoding: 'utf8' });
const escaped = (it) => it.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Returns the output of a program as a page that looks like a terminal. */
const terminal = (command, output) => {
  const parts = escaped(output).split(/\u001b\[([\d;]*)m/);
  const painted = parts.map((it, index) => {
    if (index % 2 === 0) return it;
    if (it === '0') return '</span>';
    return `<span style="${it.split(';').map((code) => STYLES[code]).join(';')}">`;
  });
  return `<!doctype html><meta charset="utf-8"><style>body{margin:0;background:#0d1117;color:#e6edf3;width:max-content}
    pre{margin:0;padding:20px 24px;font:14px/1.45 'DejaVu Sans Mono','Liberation Mono',monospace}</style>
    <pre><span style="opacity:.65">$</span> ${command}\n${painted.join('')}</pre>`;
};

const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: MFAUDIT_CHROMIUM, args });
const take = async (file, name, viewport, options = {}) => {
  const view = await browser.newPage({ viewport, deviceScaleFactor: 2, ...options });
  await view.goto(pathToFileURL(file).href);
  // The page says when it is drawn; what is only text is drawn when it is loaded.
  if (file === page) await view.waitForFunction(() => performance.getEntriesByName('mfaudit-ready').length > 0);
  const path = join(MFAUDIT_PICTURES, name);
  if (options.whole) await view.locator('body').screenshot({ path });
  else await view.screenshot({ path });
  console.log(path);
  await view.close();
};
try {
  demo('--format', `html=${page}`);
  await take(page, 'page.png', { width: 1280, height: 1000 });
  await take(page, 'page-phone.png', { width: 390, height: 844 }, { isMobile: true });
  const file = join(folder, 'terminal.html');
  writeFileSync(file, terminal('mfaudit demo', demo('--color', 'always')));
  await take(file, 'terminal.png', { width: 1100, height: 800 }, { whole: true });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
