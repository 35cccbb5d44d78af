// Which findings are shown, and in which order.

const NOBODY = '(nobody)';
const AT_ROOT = '/';

/** Returns the ways to sort and to filter the findings of the data. */
function makeFilter(data) {
  const { column, count, texts, accounts, rules } = data;
  const lowerTexts = texts.map((it) => it.toLowerCase());
  const lowerAccounts = accounts.map((it) => `${it.id} ${it.name} ${it.ou}`.toLowerCase());
  const lowerRules = rules.map((it) => `${it.id} ${it.title}`.toLowerCase());
  const index = (all, name) => all.indexOf(name);
  const fails = index(data.statuses, 'fail');
  const unseen = index(data.statuses, 'indeterminate');
  const passes = index(data.statuses, 'pass');
  const severityOf = Int32Array.from(column.rule, (it) => rules[it]?.severity ?? 0);
  const isHeld = (row) => column.waiver[row] === NONE && column.grace[row] === NONE;

  /** Failures that are held, the worst first; then gaps, failures that are excused, passes, and the rest. */
  function urgency(row) {
    const status = column.status[row];
    const mildness = 9 - severityOf[row];
    if (status === fails) return isHeld(row) ? mildness : 20 + mildness;
    if (status === unseen) return 10 + mildness;
    return status === passes ? 30 : 40;
  }

  const ranked = (values) => {
    const order = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
    return new Map(order.map((it, rank) => [it, rank]));
  };
  const byText = (name, of) => {
    const keys = Array.from(column[name], (it) => (it === NONE ? '' : of(it)));
    const ranks = ranked(keys);
    return (row) => ranks.get(keys[row]);
  };
  const SORTS = {
    urgency: () => urgency,
    severity: () => (row) => 9 - severityOf[row],
    principal: () => {
      const keys = Array.from({ length: count }, (_, row) => {
        return principalName(data.kinds[column.kind[row]], lowerTexts[column.arn[row]]);
      });
      const ranks = ranked(keys);
      return (row) => ranks.get(keys[row]);
    },
    account: () => byText('account', (it) => `${accounts[it].name} ${accounts[it].id}`.toLowerCase()),
    owner: () => byText('owner', (it) => lowerTexts[it]),
    rule: () => byText('rule', (it) => rules[it].id),
    age: () => byText('time', (it) => (Number.isNaN(it) ? '' : String(it).padStart(12, '0'))),
  };
  const orders = new Map();

  /** Returns all rows in the order of `sort`, which is the name of one, after `-` if it is to be turned around. */
  function order(sort) {
    const name = sort.replace(/^-/, '');
    const known = Object.hasOwn(SORTS, name);
    const key = known ? sort : 'urgency';
    if (!orders.has(key)) {
      const rank = SORTS[known ? name : 'urgency']();
      // Numbers that hold rank and row are sorted far quicker than rows by a function.
      const packed = Float64Array.from({ length: count }, (_, row) => {
        const of = key.startsWith('-') ? count + 99 - rank(row) : rank(row);
        return of * count + row;
      }).sort();
      orders.set(key, Int32Array.from(packed, (it) => it % count));
    }
    return orders.get(key);
  }

  /** Returns tests that a row has to pass, one for each word that is searched for. */
  function search(query) {
    return query.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
      const hits = (all) => Uint8Array.from(all, (it) => it.includes(word));
      const [inTexts, inAccounts, inRules] = [lowerTexts, lowerAccounts, lowerRules].map(hits);
      const named = /^[0-9a-f]{16}$/.test(word) ? data.find(word) : -1;
      return (row) =>
        inTexts[column.arn[row]] || inTexts[column.reason[row]] || inAccounts[column.account[row]] ||
        inRules[column.rule[row]] || inTexts[column.owner[row]] || inTexts[column.gap[row]] || row === named;
    });
  }

  const oneOf = (text, names) => new Set(text.split(',').map((it) => index(names, it)));

  /** Returns tests that a row has to pass, whatever its status. */
  function tests(state) {
    const all = search(state.q ?? '');
    if (state.severity) {
      const wanted = oneOf(state.severity, data.severities);
      all.push((row) => wanted.has(severityOf[row]));
    }
    if (state.rule) {
      const wanted = rules.findIndex((it) => it.id === state.rule);
      all.push((row) => column.rule[row] === wanted);
    }
    if (state.account) {
      const word = state.account.toLowerCase();
      const wanted = Uint8Array.from(accounts, (it) => it.id.startsWith(word) || it.name.toLowerCase().includes(word));
      all.push((row) => wanted[column.account[row]] === 1);
    }
    if (state.ou) {
      const inside = (ou) => (state.ou === AT_ROOT ? ou === '' : ou === state.ou || ou.startsWith(`${state.ou}/`));
      const wanted = Uint8Array.from(accounts, (it) => inside(it.ou));
      all.push((row) => wanted[column.account[row]] === 1);
    }
    if (state.owner) {
      const wanted = state.owner === NOBODY ? NONE : texts.indexOf(state.owner);
      const missing = wanted === NONE && state.owner !== NOBODY;
      all.push((row) => !missing && column.owner[row] === wanted);
    }
    if (state.waiver) {
      const kinds = {
        held: (row) => column.status[row] === fails && isHeld(row),
        waived: (row) => column.waiver[row] !== NONE,
        grace: (row) => column.grace[row] !== NONE,
      };
      all.push(Object.hasOwn(kinds, state.waiver) ? kinds[state.waiver] : () => false);
    }
    if (state.change) {
      const wanted = texts.indexOf(state.change);
      all.push((row) => wanted >= 0 && column.change[row] === wanted);
    }
    if (state.cause) all.push((row) => column.cause[row] === Number(state.cause));
    return all;
  }

  /** Returns the rows that a state asks for, in its order; and how many have each status, whichever is asked for. */
  function rows(state) {
    const all = order(state.sort ?? 'urgency');
    const wanted = tests(state);
    const statuses = oneOf(state.status || data.statuses.join(','), data.statuses);
    const counts = new Array(data.statuses.length).fill(0);
    const found = new Int32Array(count);
    let length = 0;
    for (let at = 0; at < count; at += 1) {
      const row = all[at];
      let fits = true;
      for (let test = 0; fits && test < wanted.length; test += 1) fits = wanted[test](row);
      if (fits) {
        const status = column.status[row];
        counts[status] += 1;
        if (statuses.has(status)) {
          found[length] = row;
          length += 1;
        }
      }
    }
    return { rows: found.subarray(0, length), counts };
  }

  return { rows };
}
