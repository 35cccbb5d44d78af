// Puts the page together: views, the address, the drawer, the theme, and paper.

/** How many findings are printed. */
const PRINTED = 1000;
const VIEWS = ['findings', 'accounts', 'frameworks', 'evidence', 'about'];

function makeTheme() {
  const button = document.getElementById('theme');
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = (value) => {
    try {
      if (value) localStorage.setItem('mfaudit-theme', value);
      return localStorage.getItem('mfaudit-theme');
    } catch {
      return null;
    }
  };
  const now = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');
  const tell = () => button.setAttribute('aria-pressed', String(now() === 'dark'));
  const chosen = stored();
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  button.addEventListener('click', () => {
    root.dataset.theme = now() === 'dark' ? 'light' : 'dark';
    stored(root.dataset.theme);
    tell();
  });
  dark.addEventListener('change', tell);
  tell();
}

function makePage() {
  const data = readData(document.getElementById('data').textContent);
  const filter = makeFilter(data);
  const explorer = document.getElementById('explorer');
  let state = readState();
  let opener = null;

  const findings = makeFindings(data, filter, change, (row, at) => {
    opener = at;
    change({ finding: data.id(row) }, 'push');
  });
  const accounts = makeAccounts(data, change);
  const drawer = makeDrawer(data, (row) => {
    if (row === null) {
      if (!state.finding) return;
      change({ finding: '' });
      if (opener !== null) findings.list.focus(opener);
      opener = null;
    } else if (state.finding !== data.id(row)) {
      state = { ...state, finding: data.id(row) };
      writeState(state);
    }
  });

  /** Changes a part of the state; null clears what filters. */
  function change(part, how) {
    const { view, sort } = state;
    state = part === null ? { view, sort } : { ...state, ...part };
    if (how === 'push') history.pushState(null, '', addressOf(state));
    else writeState(state);
    show(part);
  }

  const tabs = VIEWS.map((name) => document.getElementById(`tab-${name}`));
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => change({ view: VIEWS[index], finding: '' }, 'push'));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (index + step + VIEWS.length) % VIEWS.length;
      change({ view: VIEWS[next], finding: '' });
      tabs[next].focus();
    });
  });

  /** Shows the state; of the list only what a change of `part` asks for. */
  function show(part) {
    const shown = VIEWS.includes(state.view) ? state.view : 'findings';
    VIEWS.forEach((name, index) => {
      document.getElementById(`view-${name}`).hidden = name !== shown;
      tabs[index].setAttribute('aria-selected', String(name === shown));
      tabs[index].tabIndex = name === shown ? 0 : -1;
    });
    const details = part && Object.keys(part).every((it) => it === 'finding');
    if (shown === 'findings' && !details) findings.show(state);
    if (shown === 'accounts') accounts.show(state);
    const row = state.finding ? data.find(state.finding) : -1;
    if (row >= 0) drawer.open(findings.list.rows(), row);
    else drawer.close();
  }

  addEventListener('hashchange', () => {
    if (!hasState()) return;
    const before = state;
    state = readState();
    const details = JSON.stringify({ ...before, finding: '' }) === JSON.stringify({ ...state, finding: '' });
    show(details ? { finding: '' } : undefined);
    if (!details && !state.finding) {
      explorer.scrollIntoView();
      explorer.focus({ preventScroll: true });
    }
  });

  const plain = document.getElementById('plain');
  const firstRows = [...plain.childNodes];
  addEventListener('beforeprint', () => {
    if (!plain.querySelector('tbody')) return;
    const heads = findings.columns.map((it) => element('th', { scope: 'col' }, it.label));
    const rows = findings.printed(PRINTED);
    const note = element('p', {}, `${counted(rows.length, 'finding')} of ${findings.list.rows().length.toLocaleString('en-US')} that match.`);
    plain.replaceChildren(note, element('table', { class: 'rows' }, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows)));
  });
  addEventListener('afterprint', () => plain.replaceChildren(...firstRows));

  for (const code of document.querySelectorAll('main code.command')) {
    const place = document.createElement('span');
    code.replaceWith(place);
    place.replaceWith(copyable(code));
  }
  show();
  if (hasState() && !state.finding) explorer.scrollIntoView();
  performance.mark('mfaudit-ready');
}

document.documentElement.classList.add('js');
makeTheme();
// The numbers above are painted before the data are read.
requestAnimationFrame(() => setTimeout(makePage));
