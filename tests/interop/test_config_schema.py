"""The configuration's schema is one to a validator that nobody here wrote, and the guide's example is valid."""

import json
import tomllib

import pytest
from harness import ROOT
from jsonschema import Draft202012Validator


@pytest.fixture(scope="module")
def schema(mfaudit):
    printed = mfaudit.run("config", "schema")
    assert printed.exit == 0, str(printed)
    return json.loads(printed.out)


@pytest.fixture(scope="module")
def example():
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    section = guide.split("## Configuration\n")[1]
    return tomllib.loads(section.split("```toml\n")[1].split("```")[0])


def test_the_schema_is_one(schema):
    Draft202012Validator.check_schema(schema)


def test_the_guide_s_example_is_valid(schema, example):
    errors = Draft202012Validator(schema).iter_errors(example)
    assert not [f"{error.json_path}: {error.message}" for error in errors]


@pytest.mark.parametrize(
    "wrong",
    [
        {"scop": {}},
        {"scope": {"accounts": "111111111111"}},
        {"role": {"nam": "x"}},
        {"collection": {"concurrency": 5000}},
        {"collection": {"live": "yes"}},
        {"rules": {"ruleset": "defalt"}},
        {"rules": {"add": ["iam-user-mfa", "iam-user-mfa"]}},
        {"rules": {"iam-user-mfas": {}}},
        {"gate": {"fail-on": 3}},
        {"report": [{"file": "x"}]},
    ],
)
def test_the_schema_refuses_what_is_wrong(schema, example, wrong):
    assert list(Draft202012Validator(schema).iter_errors(example | wrong))
