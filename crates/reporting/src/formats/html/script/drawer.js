// The details of a finding: why it is what it is, on which evidence, and how to fix it.

/** Makes the drawer. `moved` is called with the row to show, or null when it is closed. */
function makeDrawer(data, moved) {
  const dialog = document.getElementById('drawer');
  const { column } = data;
  let rows = [];
  let at = -1;
  dialog.addEventListener('close', () => moved(null));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });

  const pair = (term, ...value) => (value[0] === null ? [] : [element('dt', {}, term), element('dd', {}, ...value)]);
  const list = (...pairs) => element('dl', {}, ...pairs.flat());
  const part = (heading, ...content) => [element('h3', {}, heading), ...content];
  const section = (heading, text) => (text ? part(heading, element('p', {}, ...prose(text))) : []);
  const filterLink = (key, value, text) => element('a', { href: addressOf({ [key]: value }) }, named(text));

  function evidence(row) {
    const time = column.time[row];
    const source = data.text('source', row);
    const age = data.now === null || Number.isNaN(time) ? '' : data.now - time;
    const told = age === '' ? '' : age > 0 ? `, ${span(age)} before the run` : ', read by the run';
    return part('Evidence', list(
      pair('Answers', source || 'no answer of AWS was needed'),
      pair('As of', Number.isNaN(time) ? (source ? 'a time that is not told' : null) : `${minute(time)}${told}`),
      pair('Missing', data.text('gap', row)),
    ));
  }

  function excuse(row) {
    const waiver = data.waivers[column.waiver[row]];
    const grace = data.text('grace', row);
    return [
      ...(waiver ? part('Waiver', list(
        pair('Owner', named(waiver.owner)),
        pair('Reason', named(waiver.reason)),
        pair('Until', waiver.until),
        pair('Ticket', waiver.ticket ? named(waiver.ticket) : null),
      )) : []),
      ...(grace ? part('Grace', element('p', {}, `The failure of a new user, which counts from ${grace} on.`)) : []),
    ];
  }

  function closing(row) {
    const remedy = data.text('remedy', row);
    if (!remedy) return [];
    const command = data.text('command', row);
    return part('How to see it', element('p', {}, remedy[0].toUpperCase() + remedy.slice(1)), command ? copyable(command) : null);
  }

  function controls(rule) {
    const groups = new Map();
    for (const control of rule.controls) {
      const space = control.indexOf(' ');
      const framework = space < 0 ? control : control.slice(0, space);
      groups.set(framework, [...(groups.get(framework) ?? []), control.slice(space + 1)]);
    }
    const pairs = [...groups].map(([framework, all]) => pair(framework, all.join(', ')));
    return part('Evidence for', pairs.length > 0 ? list(...pairs) : element('p', {}, 'No requirement of a framework.'));
  }

  function draw() {
    const row = rows[at];
    const rule = data.rules[column.rule[row]];
    const account = data.accounts[column.account[row]];
    const status = data.statuses[column.status[row]];
    const arn = data.text('arn', row);
    const id = data.id(row);
    const usage = data.text('usage', row);
    const owner = data.text('owner', row);
    const change = data.text('change', row);
    const first = column.first_seen[row];
    const step = (by, label) => element('button', {
      type: 'button', 'aria-label': label, ...(rows[at + by] === undefined ? { disabled: '' } : {}),
      onclick: () => go(at + by),
    }, by < 0 ? '↑' : '↓');
    dialog.replaceChildren(
      element('div', { class: 'bar-top' },
        step(-1, 'Previous finding'), step(1, 'Next finding'),
        element('span', { class: 'space' }, `${(at + 1).toLocaleString('en-US')} of ${rows.length.toLocaleString('en-US')}`),
        element('button', { type: 'button', onclick: () => dialog.close() }, 'Close')),
      element('div', { class: 'drawn' },
        statusTag(status), ' ', severityTag(data.severities[rule.severity]),
        element('h2', { id: 'drawer-title' }, named(principalName(data.kinds[column.kind[row]], arn))),
        element('p', { class: 'faint' }, rule.title),
        element('p', { class: `why ${status}` }, named(data.text('reason', row)), usage ? `, ${usage}` : null),
        list(
          pair('Principal', named(arn)),
          pair('Account', filterLink('account', account.id, account.name || account.id), account.name ? ` ${account.id}` : null),
          pair('Unit', account.ou ? filterLink('ou', account.ou, account.ou) : 'the root of the organization'),
          pair('Owner', data.owned ? (owner ? filterLink('owner', owner, owner) : 'nobody is known to be') : null),
          pair('Rule', filterLink('rule', rule.id, rule.id)),
          pair('Since', Number.isNaN(first) ? null : `${minute(first)}${change ? ` (${change})` : ''}`),
        ),
        ...closing(row),
        ...excuse(row),
        ...evidence(row),
        ...section('What the rule checks', rule.checks),
        ...section('Why it matters', rule.matters),
        ...section(status === 'fail' ? 'How to fix it' : 'How to fix a failure', rule.fix),
        ...part('Fact by fact', copyable(`mfaudit explain ${id} --from run.mfaudit`)),
        ...controls(rule)),
    );
    dialog.scrollTop = 0;
  }

  function go(to) {
    at = to;
    draw();
    moved(rows[at]);
  }

  return {
    /** Shows a row, with those before and after it. */
    open(all, row) {
      rows = all;
      at = rows.indexOf(row);
      if (at < 0) {
        rows = [row];
        at = 0;
      }
      draw();
      if (!dialog.open) {
        dialog.showModal();
        dialog.focus();
      }
    },
    close() {
      if (dialog.open) dialog.close();
    },
  };
}
