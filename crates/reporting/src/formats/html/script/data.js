// Reads the page's data: columns of numbers, and the texts that they stand for.

const NONE = -1;

/** Returns what the page tells, with the texts of all parts in one list and a typed array for each column. */
function readData(text) {
  const raw = JSON.parse(text);
  const accounts = raw.accounts;
  const accountOf = new Map(accounts.map((it, index) => [it.id, index]));
  const count = raw.findings.reduce((sum, part) => sum + part.count, 0);
  const texts = [];
  const textOf = new Map();
  const waivers = [];
  const column = {};
  const numbers = ['status', 'rule', 'kind', 'cause'];
  const words = ['arn', 'reason', 'usage', 'source', 'gap', 'remedy', 'command', 'owner', 'grace', 'change'];
  const times = ['time', 'first_seen'];
  for (const name of [...numbers, ...words, 'account', 'waiver']) column[name] = new Int32Array(count);
  for (const name of times) column[name] = new Float64Array(count);
  const ids = [];
  let start = 0;
  for (const part of raw.findings) {
    const own = Int32Array.from(part.texts, (it) => {
      let number = textOf.get(it);
      if (number === undefined) {
        number = texts.length;
        texts.push(it);
        textOf.set(it, number);
      }
      return number;
    });
    const fill = (name, of) => {
      const from = part[name];
      const to = column[name];
      if (Array.isArray(from)) {
        for (let row = 0; row < part.count; row += 1) to[start + row] = of(from[row]);
      } else {
        to.fill(of(from), start, start + part.count);
      }
    };
    for (const name of numbers) fill(name, (it) => it);
    for (const name of words) fill(name, (it) => (it === NONE ? NONE : own[it]));
    for (const name of times) fill(name, (it) => (it === null ? NaN : it));
    fill('account', (it) => accountOf.get(part.texts[it]) ?? NONE);
    const before = waivers.length;
    fill('waiver', (it) => (it === NONE ? NONE : before + it));
    for (const [owner, reason, until, ticket] of part.waivers) waivers.push({ owner, reason, until, ticket });
    ids.push({ start, text: part.ids });
    start += part.count;
  }
  const text_ = (number) => (number === NONE ? null : texts[number]);
  return {
    ...raw,
    count,
    texts,
    waivers,
    column,
    /** Returns the text of a column in a row, or null. */
    text: (name, row) => text_(column[name][row]),
    /** Returns a finding's name. */
    id(row) {
      const part = ids.findLast((it) => it.start <= row);
      const at = (row - part.start) * 16;
      return part.text.slice(at, at + 16);
    },
    /** Returns the row of the finding of this name, or -1. */
    find(id) {
      for (const part of ids) {
        for (let at = part.text.indexOf(id); at >= 0; at = part.text.indexOf(id, at + 1)) {
          if (at % 16 === 0) return part.start + at / 16;
        }
      }
      return -1;
    },
  };
}

/** Returns what people call a principal: the last part of its ARN, or what it is. */
function principalName(kind, arn) {
  if (kind === 'root-user') return 'root';
  if (kind === 'account' || kind === 'organization') return kind;
  return arn.slice(arn.lastIndexOf('/') + 1);
}
