// Makes elements. What others chose enters the page here, as text.

/** Returns text in which what cannot be seen, or turns others around, is spelt out. */
function visible(text) {
  return text.replace(
    /[\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu,
    (it) => `\\u{${it.codePointAt(0).toString(16)}}`,
  );
}

/** Returns an element with these properties and children; a text stays text. */
function element(name, properties = {}, ...children) {
  const it = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith('on')) it.addEventListener(key.slice(2), value);
    else if (key === 'class') it.className = value;
    else if (key === 'title') it.title = visible(value);
    else it.setAttribute(key, value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined) continue;
    it.append(typeof child === 'string' ? document.createTextNode(visible(child)) : child);
  }
  return it;
}

/** Returns a name that others chose, which may be written from right to left. */
const named = (text) => element('bdi', {}, text);

/** Returns a text on one line, its end cut off where there is no room; whole where the mouse rests. */
const oneLine = (text, className = '') => element('span', { class: `one ${className}`, title: text }, named(text));

/** Returns text in which what stands between backticks is code. */
function prose(text) {
  return text.split('`').map((it, index) => (index % 2 === 1 ? element('code', {}, it) : it));
}

const STATUS_WORDS = { pass: 'Pass', fail: 'Fail', 'not-applicable': 'N/A', indeterminate: 'Not seen' };

const statusTag = (status) => element('span', { class: `tag ${status}` }, STATUS_WORDS[status]);

const severityTag = (severity) => element('span', { class: `severity ${severity}` }, severity);

/** Returns a command with a button that copies it. */
function copyable(command) {
  const code = typeof command === 'string' ? element('code', { class: 'command' }, command) : command;
  const text = code.textContent;
  const button = element('button', { type: 'button', 'aria-label': `Copy: ${text}` }, 'Copy');
  button.addEventListener('click', async (event) => {
    event.stopPropagation();
    button.textContent = (await copy(text, code)) ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  return element('span', { class: 'copied' }, code, button);
}

/** Copies text; where the browser does not let a page do that, selects it. */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return document.execCommand('copy');
  }
}

/** Returns a point in time to the minute, in UTC. */
function minute(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** Returns a span of time in its two largest units. */
function span(seconds) {
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return '0 s';
  const [size, unit] = units[first];
  const parts = [`${Math.floor(seconds / size)} ${unit}`];
  const next = units[first + 1];
  if (next && first < 2 && Math.floor((seconds % size) / next[0]) > 0) {
    parts.push(`${Math.floor((seconds % size) / next[0])} ${next[1]}`);
  }
  return parts.join(' ');
}

const counted = (count, noun) => `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
