// The view of findings: filters, chips by status, and the list.

/** Returns a label with a select of these options: `[value, text]`. */
function choice(label, options, changed) {
  const select = element('select', {}, element('option', { value: '' }, 'any'),
    ...options.map(([value, text]) => element('option', { value }, text)));
  select.addEventListener('change', () => changed(select.value));
  return { box: labelled(label, select, ''), set: (value) => setChoice(select, value) };
}

/** Returns a control under its label. */
function labelled(label, control, className) {
  control.id = `control-${label.toLowerCase().replaceAll(' ', '-')}`;
  return element('div', { class: `control ${className}` }, element('label', { for: control.id }, label), control);
}

/** Chooses a value, which an address may hold that no option has. */
function setChoice(select, value) {
  if (value && ![...select.options].some((it) => it.value === value)) {
    select.append(element('option', { value }, value));
  }
  select.value = value ?? '';
}

/** Returns a label with a field that is typed in. */
function field(label, type, className, typed) {
  const input = element('input', { type, autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('input', () => typed(input.value));
  const set = (value) => {
    if (input.value !== (value ?? '')) input.value = value ?? '';
  };
  return { box: labelled(label, input, className), set };
}

/** Makes the view. `change` is called with what of the state is to be another. */
function makeFindings(data, filter, change, openFinding) {
  const view = document.getElementById('view-findings');
  const { column } = data;
  const distinct = (all) => [...new Set(all)].sort((a, b) => (a < b ? -1 : 1));
  const of = (key) => (value) => change({ [key]: value, finding: '' });
  const owners = distinct([...new Set(column.owner)].filter((it) => it !== NONE).map((it) => data.texts[it]));
  const units = new Set();
  for (const { ou } of data.accounts) {
    for (let unit = ou; unit; unit = unit.slice(0, Math.max(0, unit.lastIndexOf('/')))) units.add(unit);
  }
  const controls = {
    q: field('Search', 'search', 'find', of('q')),
    rule: choice('Rule', data.rules.map((it) => [it.id, it.id]), of('rule')),
    severity: choice('Severity', [...data.severities].reverse().map((it) => [it, it]), of('severity')),
    ou: choice('Organizational unit', [[AT_ROOT, '(root)'], ...distinct(units).map((it) => [it, it])], of('ou')),
    account: field('Account', 'search', 'narrow', of('account')),
    owner: choice('Owner', [[NOBODY, 'nobody'], ...owners.map((it) => [it, it])], of('owner')),
    waiver: choice('Waiver', [['held', 'held failures'], ['waived', 'waived'], ['grace', 'in grace']], of('waiver')),
    change: choice('Change', ['new', 'known', 'lapsed', 'new-rule'].map((it) => [it, it]), of('change')),
  };
  if (!data.owned) delete controls.owner;
  if (!data.compared) delete controls.change;
  const chips = data.statuses.map((status) => {
    const count = element('span', {});
    const button = element('button', { type: 'button', 'aria-pressed': 'false', onclick: () => toggle(status) }, STATUS_WORDS[status], ' ', count);
    return { status, button, count };
  });
  const order = ['fail', 'indeterminate', 'pass', 'not-applicable'];
  const ordered = order.map((it) => chips.find((chip) => chip.status === it).button);
  const box = element('div', { class: 'chips', role: 'group', 'aria-label': 'Status' }, ...ordered);
  view.querySelector('.filters').append(...Object.values(controls).map((it) => it.box), box);
  const result = view.querySelector('.result');
  const clear = element('button', { type: 'button', onclick: () => change(null) }, 'Clear filters');
  let state = {};

  function toggle(status) {
    const wanted = new Set((state.status ?? '').split(',').filter(Boolean));
    if (!wanted.delete(status)) wanted.add(status);
    change({ status: [...wanted].join(','), finding: '' });
  }

  const columns = [
    { key: 'status', label: 'Status', sort: 'urgency' },
    { key: 'severity', label: 'Severity', sort: 'severity' },
    { key: 'principal', label: 'Principal', sort: 'principal' },
    { key: 'account', label: 'Account', sort: 'account' },
    { key: 'owner', label: 'Owner', sort: 'owner' },
    { key: 'finding', label: 'Finding', sort: 'rule' },
  ].filter((it) => data.owned || it.key !== 'owner');

  function cells(row) {
    const rule = data.rules[column.rule[row]];
    const account = data.accounts[column.account[row]];
    const status = data.statuses[column.status[row]];
    const usage = data.text('usage', row);
    const excused = column.waiver[row] !== NONE ? 'waived' : column.grace[row] !== NONE ? 'in grace' : null;
    const name = principalName(data.kinds[column.kind[row]], data.text('arn', row));
    const all = {
      status: [statusTag(status), excused ? element('span', { class: 'one faint' }, excused) : null],
      severity: [severityTag(data.severities[rule.severity])],
      principal: [element('button', { type: 'button', class: 'open one', title: data.text('arn', row) }, named(name))],
      account: [oneLine(account.name || account.id), ' ', oneLine(account.name ? `${account.id} ${account.ou}` : account.ou, 'faint')],
      owner: [oneLine(data.text('owner', row) ?? 'nobody', column.owner[row] === NONE ? 'faint' : '')],
      finding: [oneLine(rule.id), oneLine(`${data.text('reason', row)}${usage ? `, ${usage}` : ''}`, 'faint')],
    };
    return columns.map((it) => all[it.key]);
  }

  const place = view.querySelector('.list');
  if (data.owned) place.classList.add('owned');
  const list = makeList(place, 'Findings', columns, cells, {
    open: openFinding,
    sort: (name) => change({ sort: nextSort(state.sort ?? 'urgency', name) }),
  });

  /** Returns rows for paper, which holds them all. */
  function printed(most) {
    return Array.from(list.rows().slice(0, most), (row) =>
      element('tr', {}, ...cells(row).map((cell) => element('td', {}, cell))));
  }

  return {
    list,
    printed,
    columns,
    show(now) {
      state = now;
      for (const [key, control] of Object.entries(controls)) control.set(state[key]);
      const { rows, counts } = filter.rows(state);
      const wanted = new Set((state.status ?? '').split(','));
      for (const { status, button, count } of chips) {
        button.setAttribute('aria-pressed', String(wanted.has(status)));
        count.textContent = counts[data.statuses.indexOf(status)].toLocaleString('en-US');
      }
      const filters = [...Object.keys(controls), 'status', 'cause'].some((key) => state[key]);
      const told = data.causes[Number(state.cause ?? NONE)];
      const cause = told ? ` for one cause: ${told}` : '';
      const of_ = rows.length === data.count ? '' : ` of ${data.count.toLocaleString('en-US')}`;
      result.replaceChildren(visible(`${counted(rows.length, 'finding')}${of_}${cause}`), ...(filters ? [clear] : []));
      list.show(rows, state.sort ?? 'urgency');
    },
  };
}
