"""What the engine decides of random policies is never contradicted by another simulator: `@cloud-copilot/iam-simulate`.

The engine says of an action that it is surely allowed, on resources that it names, or surely not, on any. The simulator judges
one request at a time. What the engine leaves open is no case.

Both differ where AWS says that the simulator is wrong, or where it is asked something else; the cases leave that out:

* It replaces policy variables in documents of the version 2008-10-17. To AWS they are plain text there ("IAM JSON policy
  elements: Version" in the IAM user guide).
* A request for `*` is to it one for any resource that a statement names. The engine asks whether one is allowed, and only of
  actions that are on no resource is `*` the resource of a request.
* Actions whose service has wildcards (`s?s:*`) match nothing there. AWS takes no such policy; the engine leaves it open.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from harness import ROOT, environment, run

EXAMPLES = Path(os.environ.get("MFAUDIT_BINARY", ROOT / "target" / "debug" / "mfaudit")).parent / "examples"
CASES = 25_000


@pytest.fixture(scope="module")
def oracle():
    installed = os.environ.get("MFAUDIT_POLICY_ORACLE")
    if not installed:
        pytest.skip("@cloud-copilot/iam-simulate is not installed: run tests/run interop")
    return Path(installed)


def judged(oracle, cases):
    """Returns the cases that the simulator contradicts, and the counts."""
    done = subprocess.run(
        ["node", oracle / "contradict.mjs"], cwd=oracle, input=cases, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    *contradictions, counts = [json.loads(it) for it in done.stdout.splitlines()]
    return contradictions, counts


def random_cases(tmp_path, seed, count=CASES):
    program = EXAMPLES / "random_policies"
    assert program.is_file(), f"there is no {program}: run tests/run interop"
    finished = run([program, str(seed), str(count)], environment(tmp_path))
    assert finished.exit == 0, str(finished)
    return finished.out


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_is_certain_is_contradicted(oracle, tmp_path, seed):
    contradictions, counts = judged(oracle, random_cases(tmp_path, seed))
    shown = "\n".join(json.dumps(it) for it in contradictions[:3])
    assert not contradictions, f"{counts}\n{shown}"
    assert counts["allowed"] + counts["denied"] >= CASES
    # What is open does not outweigh what is certain, or there would be little to contradict.
    assert counts["allowed"] > CASES / 5 and counts["denied"] > CASES / 5
    assert counts["possibly"] < counts["surely"] + counts["not"]


def test_what_is_wrong_would_be_found(oracle, tmp_path):
    cases = [json.loads(it) for it in random_cases(tmp_path, 3, 200).splitlines()]
    for it in cases[:-1]:
        it["expected"] = {"allowed": "denied", "denied": "allowed"}[it["expected"]]
    contradictions, counts = judged(oracle, "".join(json.dumps(it) + "\n" for it in cases))
    assert len(contradictions) == counts["allowed"] + counts["denied"] >= 200


def test_moto_s_copies_of_aws_s_policies_parse_completely(tmp_path):
    """AWS's managed policies, as moto holds them, go through the parser; every action they name is listed or kept."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    policies = json.loads(aws_managed_policies_data)
    assert len(policies) > 500
    lines = [json.dumps({"name": name, "document": it["Document"]}) + "\n" for name, it in policies.items()]
    program = EXAMPLES / "read_policies"
    assert program.is_file(), f"there is no {program}: run tests/run interop"
    done = subprocess.run(
        [program], input="".join(lines), capture_output=True, encoding="utf-8", check=False, env=environment(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    told = {it["name"]: it for it in map(json.loads, done.stdout.splitlines())}
    assert told.keys() == policies.keys()
    wrong = {name: it for name, it in told.items() if it["problems"]}
    assert not wrong
    assert told["AdministratorAccess"]["surely"] == "every action"
