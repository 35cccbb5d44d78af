"""The page's data, as the page's own script reads them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest
from harness import environment, run
from report_runs import Run


class Scripts(HTMLParser):
    """Keeps what a page's script elements hold."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[dict, str]] = []
        self._open = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._open = tag == "script"
        if self._open:
            self.found.append((dict(attrs), ""))

    def handle_endtag(self, tag):
        self._open = False

    def handle_data(self, data):
        if self._open:
            attributes, text = self.found[-1]
            self.found[-1] = attributes, text + data


# Without a browser, the page's script ends where it begins to change the page; what reads the data is there by then.
READ_PAGE = """
const vm = require('node:vm');
const { script, data } = JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'));
const page = vm.createContext({ given: data });
try {
  vm.runInContext(script, page);
} catch (error) {
  if (error.message !== 'document is not defined') throw error;
}
const told = vm.runInContext(`
  const data = readData(given);
  const rows = [];
  for (let row = 0; row < data.count; row += 1) {
    const account = data.accounts[data.column.account[row]];
    rows.push([
      data.rules[data.column.rule[row]].id,
      account.id,
      data.text('arn', row),
      data.statuses[data.column.status[row]],
      data.column.waiver[row] !== NONE,
    ]);
  }
  JSON.stringify(rows)`, page);
process.stdout.write(told);
"""


def told_by_page(made: Run) -> Iterable[tuple]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node to run the page's script")
    scripts = Scripts(made.text("html")).found
    [data] = [text for attributes, text in scripts if attributes.get("id") == "data"]
    [script] = [text for attributes, text in scripts if "type" not in attributes]
    parts = made.stem.with_suffix(".page.json")
    parts.write_text(json.dumps({"script": script, "data": data}), encoding="utf-8")
    done = run([node, "-e", READ_PAGE, parts], environment(made.stem.parent))
    assert done.exit == 0, str(done)
    return (tuple(it) for it in json.loads(done.out))
