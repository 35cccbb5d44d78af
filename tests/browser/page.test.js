// The page in a real browser: search, filters, sort, drawer, links, themes, scripts off, paper, and hostile names.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { open, start, stop } from './page.js';

before(start);
after(stop);

const result = (page) => page.locator('#view-findings .result').innerText();
const rows = (page) => page.locator('#view-findings .window .row');
const shown = (page) => rows(page).allInnerTexts();
const chip = (page, status) => page.locator('#view-findings .chips button', { hasText: status });
const count = async (page) => Number((await result(page)).match(/^[\d,]+/)[0].replaceAll(',', ''));
const fragment = (page) => new URL(page.url()).hash;

describe('findings', () => {
  it('are listed with what fails first', () => open('mixed', async (page) => {
    const statuses = await page.locator('#view-findings .window .c-status .tag').allInnerTexts();
    const firstOther = statuses.findIndex((it) => it !== 'Fail');
    assert.ok(firstOther > 0);
    assert.ok(!statuses.slice(firstOther).includes('Fail'));
    assert.match((await shown(page))[0], /Critical/i);
  }));

  it('are found by any word of principal, account, rule or reason', () => open('mixed', async (page) => {
    const all = await count(page);
    await page.getByLabel('Search', { exact: true }).fill('ANA console');
    const found = await shown(page);
    assert.ok(found.length > 0 && found.length < all);
    for (const it of found) assert.match(it, /ana/i);
    assert.equal(fragment(page), '#q=ANA+console');
    await page.getByLabel('Search', { exact: true }).fill('no such name');
    assert.equal(await count(page), 0);
    assert.ok(await page.locator('#view-findings .nothing').isVisible());
    await page.getByRole('button', { name: 'Clear filters' }).click();
    assert.equal(await count(page), all);
  }));

  it('are filtered by rule, severity, unit, account, status and waiver', () => open('excused', async (page) => {
    const all = await count(page);
    const only = async (label, value, expected) => {
      await page.getByLabel(label, { exact: true }).selectOption(value);
      const found = await count(page);
      assert.ok(found > 0 && found < all, `${label}: ${found} of ${all}`);
      for (const it of await shown(page)) assert.match(it, expected);
      await page.getByRole('button', { name: 'Clear filters' }).click();
    };
    await only('Rule', 'root-user-mfa', /root-user-mfa/);
    await only('Severity', 'critical', /critical/i);
    await only('Waiver', 'waived', /waived/);
    const units = await page.getByLabel('Organizational unit').locator('option').evaluateAll((all) => all.map((it) => it.value));
    await only('Organizational unit', units.find((it) => it && it !== '/'), /./);
    await chip(page, 'Pass').click();
    for (const it of await shown(page)) assert.match(it, /^Pass/);
    const passes = await count(page);
    await chip(page, 'Fail').click();
    assert.ok((await count(page)) > passes, 'statuses add up');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    const [first] = await page.locator('#view-findings .c-account .id, #view-findings .c-account .faint').allInnerTexts();
    await page.getByLabel('Account', { exact: true }).fill(first.slice(0, 12));
    for (const it of await shown(page)) assert.ok(it.includes(first.slice(0, 12)));
  }));

  it('are filtered by what changed since the baseline', () => open('compared', async (page) => {
    await page.getByRole('link', { name: 'Show what is new' }).click();
    assert.equal(fragment(page), '#status=fail&change=new');
    assert.ok((await count(page)) > 0);
    assert.equal(await page.getByLabel('Change').inputValue(), 'new');
  }));

  it('are sorted by a click on a heading, and turned around by another', () => open('mixed', async (page) => {
    const names = () => page.locator('#view-findings .window .c-principal').allInnerTexts();
    const heading = page.getByRole('columnheader', { name: 'Principal' });
    await heading.getByRole('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    const up = await names();
    assert.deepEqual(up, [...up].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : 0)));
    await heading.getByRole('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.equal(fragment(page), '#sort=-principal');
    assert.deepEqual(new Set(await names()).size > 1, true);
    assert.notEqual((await names())[0], up[0]);
  }));

  it('show those of a line of what to do first', () => open('mixed', async (page) => {
    const links = page.locator('.steps .show');
    const all = await links.count();
    assert.ok(all > 2);
    for (let at = 0; at < all; at += 1) {
      const promised = Number((await links.nth(at).innerText()).match(/\d+/)[0]);
      await links.nth(at).click();
      assert.equal(await count(page), promised, await links.nth(at).getAttribute('href'));
    }
  }));

  it('are all there, however many: only what is in sight is in the page', () => open('large', async (page) => {
    const scroller = page.locator('#view-findings .scroller');
    const all = await count(page);
    assert.ok((await rows(page).count()) < 60);
    await scroller.evaluate((it) => (it.scrollTop = it.scrollHeight));
    const last = page.locator(`#view-findings .window [data-at="${all - 1}"]`);
    await last.waitFor();
    assert.ok(await last.isVisible());
    assert.ok((await rows(page).count()) < 60);
  }));
});

describe('a finding', () => {
  it('opens with evidence, explanation, controls and fix, and has an address', () => open('mixed', async (page) => {
    await rows(page).first().click();
    const drawer = page.getByRole('dialog');
    const text = await drawer.innerText();
    for (const part of ['Evidence', 'What the rule checks', 'Why it matters', 'How to fix it', 'Evidence for', 'arn:aws:iam::', 'mfaudit explain', 'cis-aws']) {
      assert.ok(text.includes(part), part);
    }
    const address = fragment(page);
    assert.match(address, /finding=[0-9a-f]{16}/);
    await page.keyboard.press('Escape');
    assert.ok(!(await drawer.isVisible()));
    await page.waitForFunction(() => !location.hash.includes('finding='));
    await page.evaluate((it) => (location.hash = it), address);
    await drawer.waitFor();
    assert.equal(await drawer.innerText(), text);
  }));

  it('that has no verdict tells what would let it have one', () => open('mixed', async (page) => {
    await chip(page, 'Not seen').click();
    await rows(page).first().click();
    assert.match(await page.getByRole('dialog').innerText(), /How to see it/);
    await page.getByRole('dialog').getByRole('button', { name: /^Next/ }).click();
    assert.match(await page.getByRole('dialog').innerText(), /2 of /);
  }));

  it('that is waived tells by whom, why and until when', () => open('excused', async (page) => {
    await page.getByLabel('Waiver', { exact: true }).selectOption('waived');
    await rows(page).first().click();
    assert.match(await page.getByRole('dialog').innerText(), /Waiver\s+Owner\s+.+\s+Reason\s+.+\s+Until\s+\d{4}-/);
  }));

  it('is reached by an address that somebody sent', () => open('large', async (page) => {
    assert.equal(await page.getByLabel('Rule', { exact: true }).inputValue(), 'iam-user-console-mfa');
    assert.equal(await page.getByRole('columnheader', { name: 'Account' }).getAttribute('aria-sort'), 'descending');
    for (const it of await shown(page)) assert.match(it, /^Fail/);
  }, { fragment: '#status=fail&rule=iam-user-console-mfa&sort=-account' }));

  it('is opened and left by the keyboard alone', () => open('mixed', async (page) => {
    await page.locator('#view-findings .scroller').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.waitFor();
    assert.match(await drawer.innerText(), /2 of /);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.closest('.row')?.dataset.at === '1');
  }));
});

describe('views', () => {
  it('tell of accounts, worst first, and lead to their findings', () => open('mixed', async (page) => {
    await page.getByRole('tab', { name: 'Accounts' }).click();
    assert.equal(fragment(page), '#view=accounts');
    const first = page.locator('#view-accounts .window .row').first();
    const failures = Number(await first.locator('.c-failures').innerText());
    assert.ok(failures > 0);
    await first.click();
    await chip(page, 'Fail').click();
    assert.equal(await count(page), failures);
    await page.goBack();
    assert.ok(await page.locator('#view-accounts').isVisible());
    await page.getByLabel('Search accounts').fill('quarantine');
    for (const it of await page.locator('#view-accounts .window .row').allInnerTexts()) assert.match(it, /not seen/);
  }));

  it('tell of frameworks, evidence, and rules, by arrow keys too', () => open('framework', async (page) => {
    await page.getByRole('tab', { name: 'Findings' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('tab', { name: 'Frameworks' }).getAttribute('aria-selected'), 'true');
    assert.match(await page.locator('#view-frameworks').innerText(), /cis-aws@7.0[\s\S]+IAM/i);
    await page.keyboard.press('ArrowRight');
    assert.ok((await page.locator('#view-evidence svg.bar').count()) > 3);
    await page.keyboard.press('ArrowRight');
    await page.locator('#view-about a[href="#rule=root-user-mfa&status=fail"]').click();
    assert.ok((await count(page)) > 0);
  }));
});

describe('the page', () => {
  it('is light or dark as the system is, and as it is told', () => open('mixed', async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.getByRole('button', { name: 'Dark' }).click();
    const light = await background();
    assert.notEqual(light, dark);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await background(), light);
    await page.reload();
    assert.equal(await background(), light, 'a choice stays');
  }, { colorScheme: 'dark' }));

  it('is read with scripts off', () => open('large', async (page) => {
    const text = await page.locator('body').innerText();
    assert.match(text, /Can sign in without MFA\s+\d+/);
    assert.match(text, /The first 500 of \d+ findings/);
    assert.equal(await page.locator('#plain tbody tr').count(), 500);
    for (const heading of ['Do first', 'By organizational unit', 'Not judged', 'What was seen', 'Rules']) assert.ok(text.includes(heading), heading);
    assert.ok(!(await page.getByRole('tablist').isVisible()));
    assert.ok(!(await page.locator('#theme').isVisible()));
  }, { javaScriptEnabled: false }));

  it('prints the numbers, what to do first and the findings that match', () => open('mixed', async (page) => {
    await chip(page, 'Fail').click();
    const failures = await count(page);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('#plain tbody tr').count(), failures);
    assert.ok(await page.locator('#plain').isVisible());
    assert.ok(await page.locator('.tiles').isVisible());
    for (const hidden of ['.tabs', '.filters', '.scroller', '#theme']) {
      assert.ok(!(await page.locator(hidden).first().isVisible()), hidden);
    }
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    const paper = await page.pdf();
    assert.equal(paper.subarray(0, 5).toString(), '%PDF-');
  }));

  it('copies a command', () => open('mixed', async (page) => {
    const command = await page.locator('.steps .command').first().innerText();
    await page.locator('.steps .copied button').first().click();
    await page.getByText('Copied').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  }, { permissions: ['clipboard-read', 'clipboard-write'] }));

  it('lets nothing run but its own script', () => open('mixed', async (page) => {
    const blocked = await page.evaluate(() => new Promise((resolve) => {
      const broken = [];
      addEventListener('securitypolicyviolation', (it) => {
        broken.push(it.effectiveDirective);
        if (broken.length === 3) resolve(broken);
      });
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.head.append(script);
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.head.append(style);
      const image = document.createElement('img');
      image.src = 'https://127.0.0.1:9/x.png';
      document.body.append(image);
    }));
    assert.deepEqual(blocked.sort(), ['img-src', 'script-src-elem', 'style-src-elem']);
    assert.equal(await page.evaluate(() => window.ran), undefined);
  }, { expected: /Content Security Policy directive|^a request: https:\/\/127\.0\.0\.1:9\// }));
});

describe('hostile names', () => {
  it('stay text wherever they stand', () => open('hostile', async (page) => {
    assert.equal(await page.locator('script').count(), 2);
    assert.match(await page.locator('#view-findings').innerText(), /<script>alert\(1\)<\/script>/);
    for (const tab of ['Accounts', 'Frameworks', 'Evidence', 'Rules and waivers']) {
      await page.getByRole('tab', { name: tab }).click();
    }
    assert.match(await page.locator('#view-about').innerText(), /<script>alert\(1\)<\/script>/);
    await page.getByRole('tab', { name: 'Findings' }).click();
    await page.getByLabel('Search', { exact: true }).fill('<script>');
    assert.ok((await count(page)) > 0);
    await rows(page).first().click();
    assert.match(await page.getByRole('dialog').innerText(), /<script>alert\(1\)<\/script>/);
    assert.equal(await page.locator('script').count(), 2);
    const text = await page.locator('body').innerText();
    assert.ok(!/[\u202e\u2066\u200b\u001b\u009b]/.test(text), 'what turns text around is spelt out');
  }));

  it('in an address do nothing', () => open('mixed', async (page) => {
    assert.equal(await page.locator('script').count(), 2);
    assert.equal(await page.getByLabel('Rule', { exact: true }).inputValue(), '<img src=x onerror=alert(1)>');
    assert.equal(await count(page), 0);
  }, { fragment: '#rule=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&cause=__proto__&sort=constructor&view=toString&waiver=constructor' }));
});

describe('what there is nothing of', () => {
  for (const name of ['clean', 'unseen', 'empty']) {
    it(`is told: ${name}`, () => open(name, async (page) => {
      await page.getByRole('tab', { name: 'Accounts' }).click();
      await page.getByRole('tab', { name: 'Findings' }).click();
      assert.match(await result(page), /findings?/);
      const numbers = await page.locator('.tiles').innerText();
      if (name === 'unseen') assert.match(numbers, /not known/);
      if (name === 'empty') assert.match(numbers, /no account in scope/);
      if (name === 'clean') assert.match(numbers, /Can sign in without MFA\s+0\s+everything was seen/);
    }));
  }
});
