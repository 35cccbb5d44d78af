"""An audit of an organization in moto finds exactly what boto3 put there."""

import itertools

import pytest
from harness import differences
from moto_organization import RULE, aws_environment, moto_organization
from proxy import OWN_ACCOUNT, refusing

IAM_CALLS = [
    "GetAccountSummary",
    "GenerateCredentialReport",
    "GetCredentialReport",
    "ListUsers",
    "ListVirtualMFADevices",
    "ListMFADevices",
    "GetLoginProfile",
]

# Other calls answer for these, so that no verdict about a user may be lost with one of them.
REPLACEABLE = {"GetAccountSummary", "GenerateCredentialReport", "GetCredentialReport", "ListVirtualMFADevices"}

MODES = pytest.mark.parametrize("mode", [[], ["--live"]], ids=["report-first", "live"])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Ten accounts with every kind of user, and a closed one."""
    home = tmp_path_factory.mktemp("moto")
    with moto_organization(home, 10, {"fail", "pass", "not-applicable"}) as organization:
        yield organization


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """Eight accounts in which nobody signs in without MFA."""
    home = tmp_path_factory.mktemp("moto")
    with moto_organization(home, 8, {"pass", "not-applicable"}) as organization:
        yield organization


def assert_root_users_are_not_judged(report, accounts):
    # moto has no row for the root user and does not say whether it has a password, but counts no access key.
    roots = {(it, f"arn:aws:iam::{it}:root") for it in accounts}
    mfa = differences(dict.fromkeys(roots, "indeterminate"), report.of_rule("root-user-mfa"))
    assert not mfa, "\n".join(mfa)
    keys = differences(dict.fromkeys(roots, "pass"), report.of_rule("root-user-access-key"))
    assert not keys, "\n".join(keys)


@MODES
def test_exactly_the_console_users_without_mfa_fail(mixed, mfaudit, mode):
    report = mfaudit.report("audit", *mode, env=mixed.env)
    wrong = differences(mixed.truth, report.of_rule(RULE))
    assert not wrong, "\n".join(wrong)
    assert_root_users_are_not_judged(report, mixed.accounts)
    failing = {account for (account, _), status in mixed.truth.items() if status == "fail"}
    assert len(failing) >= 8, "the seeded organization has failures in nearly every account"
    assert report.document["summary"]["can_sign_in_without_mfa"]["iam_users"] == sum(
        status == "fail" for status in mixed.truth.values()
    )
    assert report.exit == 3, str(report.finished)


@MODES
def test_an_account_that_is_closed_is_listed_and_not_audited(mixed, mfaudit, mode):
    report = mfaudit.report("audit", *mode, env=mixed.env)
    listed = [it["account_id"] for it in report.document["summary"]["accounts_not_active"]]
    assert listed == mixed.closed
    assert not [it for it in report.statuses if it[1] in mixed.closed]


@MODES
def test_without_a_failing_user_the_unseen_root_users_still_count(clean, mfaudit, mode):
    report = mfaudit.report("audit", *mode, env=clean.env)
    wrong = differences(clean.truth, report.of_rule(RULE))
    assert not wrong, "\n".join(wrong)
    assert_root_users_are_not_judged(report, clean.accounts)
    assert report.exit == 4, str(report.finished)


@MODES
def test_an_account_that_may_not_be_entered_is_reported_as_not_seen(mixed, mfaudit, mode):
    locked = mixed.accounts[2]

    def refuses(call):
        return call.action == "AssumeRole" and call.account == locked

    with refusing(mixed.endpoint, refuses) as (proxy, endpoint):
        report = mfaudit.report("audit", *mode, env=aws_environment(endpoint))
    assert proxy.refused, "nobody tried to enter the account"
    expected = {it: status for it, status in mixed.truth.items() if it[0] != locked}
    seen = {it: status for it, status in report.of_rule(RULE).items() if it[0] != locked}
    wrong = differences(expected, seen)
    assert not wrong, "\n".join(wrong)
    of_locked = {status for it, status in report.statuses.items() if it[1] == locked}
    assert of_locked == {"indeterminate"}
    gaps = [it for it in report.document["summary"]["gaps"] if it["reason"] == "entry-denied"]
    examples = [it["account_id"] for gap in gaps for it in gap["examples"]]
    assert examples == [locked], f"the gaps name {examples}"
    assert report.exit == 3, str(report.finished)


def test_only_locked_doors_give_no_verdict_but_on_the_own_account(clean, mfaudit):
    with refusing(clean.endpoint, lambda call: call.action == "AssumeRole") as (_, endpoint):
        report = mfaudit.report("audit", env=aws_environment(endpoint))
    others = {it: status for it, status in report.statuses.items() if it[1] != OWN_ACCOUNT}
    assert {account for _, account, _ in others} == set(clean.accounts) - {OWN_ACCOUNT}
    assert set(others.values()) == {"indeterminate"}
    assert report.exit == 4, str(report.finished)


def denials():
    """Returns each call alone, and each two calls together, in both modes; a live audit asks for no report."""
    live = [it for it in IAM_CALLS if "CredentialReport" not in it]
    return [
        pytest.param(denied, mode, id="+".join([*denied, *mode]))
        for mode, calls in [([], IAM_CALLS), (["--live"], live)]
        for count in (1, 2)
        for denied in itertools.combinations(calls, count)
    ]


@pytest.mark.parametrize(("denied", "mode"), denials())
def test_a_denied_call_never_makes_a_wrong_verdict(mixed, mfaudit, denied, mode):
    # Every second account denies, the caller's own among them, so that the others show that nothing spreads.
    deny = set(mixed.accounts[::2])

    def refuses(call):
        return call.action in denied and call.account in deny

    with refusing(mixed.endpoint, refuses) as (proxy, endpoint):
        report = mfaudit.report("audit", *mode, env=aws_environment(endpoint))
    told = report.of_rule(RULE)
    wrong = differences(
        {it: status for it, status in mixed.truth.items() if it[0] not in deny},
        {it: status for it, status in told.items() if it[0] not in deny},
    )
    assert not wrong, "in accounts that deny nothing:\n" + "\n".join(wrong)
    if set(denied) <= REPLACEABLE:
        wrong = differences(mixed.truth, told)
    else:
        wrong = [
            line
            for line in differences(mixed.truth, told)
            if not line.endswith(("is indeterminate", "is no finding"))
        ]
        assert_nobody_is_forgotten(mixed, told, deny)
    assert not wrong, "\n".join(wrong)
    roots = set(report.of_rule("root-user-mfa").values())
    assert roots == {"indeterminate"}, f"of root users, {roots}"
    keys = set(report.of_rule("root-user-access-key").values())
    assert keys <= {"pass", "indeterminate"}, f"of root users' keys, {keys}"
    failures = [it for it, status in report.statuses.items() if status == "fail"]
    assert report.exit == (3 if failures else 4), str(report.finished)


def assert_nobody_is_forgotten(organization, told, deny):
    """An account of which a user has no finding has one of its own, which says that its users were not seen."""
    for account in deny:
        users = {it for it in organization.truth if it[0] == account}
        own = {it: status for it, status in told.items() if it[0] == account and it not in users}
        if not users <= told.keys():
            assert own and set(own.values()) == {"indeterminate"}, (
                f"account {account}: users without a finding, and no word about it: {sorted(users - told.keys())}"
            )
