// A list of any length: only the rows that can be seen are in the page.

/** Browsers end elements at about this height; longer lists are scrolled in proportion. */
const TALLEST = 12_000_000;
const BEYOND = 6;

/** Makes a list in `place` with these columns: `{ key, label, sort }`. `cells` returns the cells of a row. */
function makeList(place, label, columns, cells, { open, sort }) {
  const head = element('div', { class: 'row head', role: 'row', 'aria-rowindex': '1' });
  const headings = columns.map((it) => {
    const button = it.sort
      ? element('button', { type: 'button', onclick: () => sort(it.sort) }, it.label)
      : element('span', {}, it.label);
    const cell = element('div', { class: `c-${it.key}`, role: 'columnheader' }, button);
    head.append(cell);
    return cell;
  });
  const shown = element('div', { class: 'window', role: 'presentation' });
  const filler = element('div', { class: 'filler', role: 'presentation' }, shown);
  const scroller = element('div', { class: 'scroller', role: 'rowgroup', tabindex: '0', 'aria-label': label }, filler);
  const table = element('div', { class: 'table', role: 'table', 'aria-label': label }, element('div', { role: 'rowgroup' }, head), scroller);
  const nothing = element('p', { class: 'nothing' }, 'Nothing matches.');
  place.append(table, nothing);
  let rows = [];
  let height = 58;

  function top() {
    const all = rows.length * height;
    if (all <= TALLEST) return scroller.scrollTop / height;
    return (scroller.scrollTop / (TALLEST - scroller.clientHeight)) * (rows.length - scroller.clientHeight / height);
  }

  function draw() {
    const first = Math.max(0, Math.floor(top()) - BEYOND);
    const end = Math.min(rows.length, Math.ceil(top() + scroller.clientHeight / height) + BEYOND);
    const focused = shown.contains(document.activeElement) ? document.activeElement.closest('.row').dataset.at : null;
    const drawn = [];
    for (let at = first; at < end; at += 1) {
      const row = element('div', { class: 'row', role: 'row', 'aria-rowindex': String(at + 2), 'data-at': String(at) });
      cells(rows[at]).forEach((cell, index) => {
        row.append(element('div', { class: `c-${columns[index].key}`, role: 'cell' }, cell));
      });
      drawn.push(row);
    }
    shown.replaceChildren(...drawn);
    shown.style.transform = `translateY(${scroller.scrollTop - (top() - first) * height}px)`;
    if (focused !== null) button(Number(focused))?.focus({ preventScroll: true });
  }

  const button = (at) => shown.querySelector(`[data-at="${at}"] .open`);

  /** Brings a row into sight and sets the focus on it. */
  function focus(at) {
    if (at < 0 || at >= rows.length) return;
    const inSight = at >= top() && (at + 1 - top()) * height <= scroller.clientHeight;
    if (!inSight) {
      const share = at / Math.max(1, rows.length);
      scroller.scrollTop = Math.max(0, Math.min(rows.length * height, TALLEST) * share - scroller.clientHeight / 3);
      draw();
    }
    button(at)?.focus({ preventScroll: true });
  }

  scroller.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  scroller.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const row = document.activeElement.closest('.row');
    focus(row ? Number(row.dataset.at) + step : Math.ceil(top()));
  });
  shown.addEventListener('click', (event) => {
    const row = event.target.closest('.row');
    if (row && !event.target.closest('a')) open(rows[Number(row.dataset.at)], Number(row.dataset.at));
  });
  addEventListener('resize', () => measure());

  function measure() {
    const row = shown.firstElementChild;
    if (row && row.offsetHeight > 0) height = row.offsetHeight;
    filler.style.height = `${Math.min(rows.length * height, TALLEST)}px`;
    draw();
  }

  return {
    focus,
    measure,
    rows: () => rows,
    /** Shows these rows, from the first. */
    show(all, order) {
      rows = all;
      table.setAttribute('aria-rowcount', String(rows.length + 1));
      table.hidden = rows.length === 0;
      nothing.hidden = rows.length > 0;
      columns.forEach((it, index) => {
        if (!it.sort) return;
        const direction = order === it.sort ? 'ascending' : order === `-${it.sort}` ? 'descending' : 'none';
        headings[index].setAttribute('aria-sort', direction);
      });
      scroller.scrollTop = 0;
      filler.style.height = `${Math.min(rows.length * height, TALLEST)}px`;
      draw();
      const row = shown.firstElementChild;
      if (row && row.offsetHeight > 0 && row.offsetHeight !== height) measure();
    },
  };
}

/** Returns the way to sort after a click on the heading of `name`. */
const nextSort = (now, name) => (now === name ? `-${name}` : name);
