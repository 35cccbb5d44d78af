// The view of accounts: failures and what was not seen, account by account.

/** Makes the view. `change` is called with what of the state is to be another. */
function makeAccounts(data, change) {
  const view = document.getElementById('view-accounts');
  const { column, accounts } = data;
  const fails = data.statuses.indexOf('fail');
  const unseen = data.statuses.indexOf('indeterminate');
  const failures = new Int32Array(accounts.length);
  const gaps = new Int32Array(accounts.length);
  for (let row = 0; row < data.count; row += 1) {
    if (column.status[row] === fails) failures[column.account[row]] += 1;
    if (column.status[row] === unseen) gaps[column.account[row]] += 1;
  }
  const lower = accounts.map((it) => `${it.id} ${it.name} ${it.ou}`.toLowerCase());
  const share = (it) => (it.skipped || it.all === 0 ? 2 : it.seen / it.all);
  const sorts = {
    name: (a, b) => (lower[a].slice(13) < lower[b].slice(13) ? -1 : 1),
    ou: (a, b) => (accounts[a].ou < accounts[b].ou ? -1 : accounts[a].ou > accounts[b].ou ? 1 : a - b),
    failures: (a, b) => failures[b] - failures[a] || gaps[b] - gaps[a] || a - b,
    gaps: (a, b) => gaps[b] - gaps[a] || failures[b] - failures[a] || a - b,
    seen: (a, b) => share(accounts[a]) - share(accounts[b]) || a - b,
  };
  const search = field('Search accounts', 'search', 'find', (value) => change({ in: value }));
  view.querySelector('.filters').append(search.box);
  const columns = [
    { key: 'account', label: 'Account', sort: 'name' },
    { key: 'ou', label: 'Organizational unit', sort: 'ou' },
    { key: 'failures', label: 'Failures', sort: 'failures' },
    { key: 'gaps', label: 'Not seen', sort: 'gaps' },
    { key: 'seen', label: 'Coverage', sort: 'seen' },
    { key: 'missing', label: 'What is missing' },
  ];

  function missing(it) {
    if (it.skipped) return `not audited: ${it.skipped}`;
    const told = it.missing ?? [];
    const waived = it.waiver ? `waived until ${it.waiver[2]} by ${it.waiver[0]}; ` : '';
    return told.length === 0 ? '' : waived + told.join('; ');
  }

  function cells(index) {
    const it = accounts[index];
    const number = (count, tag) => (count === 0 ? element('span', { class: 'faint' }, '0') : element('span', { class: `tag ${tag}` }, `${count.toLocaleString('en-US')}`));
    return [
      [element('button', { type: 'button', class: 'open one' }, named(it.name || it.id)), element('span', { class: 'id' }, it.name ? it.id : '')],
      [oneLine(it.ou)],
      [number(failures[index], 'fail')],
      [number(gaps[index], 'indeterminate')],
      [element('span', { class: it.skipped ? 'faint' : '' }, it.skipped ? 'skipped' : `${it.seen} of ${it.all}`)],
      [oneLine(missing(it), 'faint')],
    ];
  }

  let sort = 'failures';
  let state = {};
  const list = makeList(view.querySelector('.list'), 'Accounts', columns, cells, {
    open: (index) => change({ view: 'findings', account: accounts[index].id, finding: '' }, 'push'),
    sort: (name) => {
      sort = nextSort(sort, name);
      show(state);
    },
  });

  function show(now) {
    state = now;
    search.set(state.in);
    const words = (state.in ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const rows = accounts.map((_, index) => index).filter((index) => words.every((it) => lower[index].includes(it)));
    rows.sort(sorts[sort.replace(/^-/, '')]);
    if (sort.startsWith('-')) rows.reverse();
    const of = rows.length === accounts.length ? '' : ` of ${accounts.length.toLocaleString('en-US')}`;
    view.querySelector('.result').textContent = `${counted(rows.length, 'account')}${of}`;
    list.show(rows, sort);
  }

  return { show, list };
}
