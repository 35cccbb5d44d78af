"""The requirements that rules name are those that public mappings give them, wherever those are right.

`mapping.json` holds what Prowler, Steampipe and AWS Security Hub say, each identifier as its file has it. Where this
tool says something else, a table here says what and why; nothing else may differ, in either direction.
"""

import json
import re
from collections import defaultdict

import pytest
from harness import ROOT
from mapping_differences import DIFFERENCES

MAPPING = ROOT.parent / "shared" / "mapping.json"

# What a rule there stands for here. Two of them are one rule here, which judges a password policy as a whole.
RULES = {
    "password-policy-length": "account-password-policy",
    "password-policy-reuse": "account-password-policy",
    "central-identity-missing": "iam-user-in-federated-organization",
}

# Prowler's files, and the framework and version that each is about.
PROWLER = {
    "cis_1.4_aws.json": ("cis-aws", "1.4.0"),
    "cis_1.5_aws.json": ("cis-aws", "1.5.0"),
    "cis_2.0_aws.json": ("cis-aws", "2.0.0"),
    "cis_3.0_aws.json": ("cis-aws", "3.0.0"),
    "cis_4.0_aws.json": ("cis-aws", "4.0.1"),
    "cis_5.0_aws.json": ("cis-aws", "5.0.0"),
    "cis_6.0_aws.json": ("cis-aws", "6.0.0"),
    "cis_7.0_aws.json": ("cis-aws", "7.0.0"),
    "pci_3.2.1_aws.json": ("pci-dss", "3.2.1"),
    "pci_4.0_aws.json": ("pci-dss", "4.0"),
    "nist_800_171_revision_2_aws.json": ("nist-800-171", "r2"),
    "iso27001_2022_aws.json": ("iso-27001", "2022"),
    "fedramp_moderate_revision_4_aws.json": ("fedramp-moderate", "r4"),
    "hipaa_aws.json": ("hipaa", ""),
    "cmmc_2.0.json": ("cmmc", "2.0"),
    "cis_controls_8.1.json": ("cis-controls", "8.1"),
    "csa_ccm_4.0.json": ("csa-ccm", "4.0"),
    "nis2_aws.json": ("nis2", "2024"),
    "secnumcloud_3.2_aws.json": ("secnumcloud", "3.2"),
    "asd_essential_eight_aws.json": ("essential-eight", ""),
    "mitre_attack_aws.json": ("mitre-attack", ""),
    "dora_2022_2554.json": ("dora", "2022"),
    "c5_aws.json": ("c5", "2020"),
}

# Files of either that no rule here has a say on, and why.
NOT_CARRIED = {
    "nist_800_53_revision_5_aws.json": "names every sub-paragraph of AC-3; Security Hub's short list stands for it",
    "nist_800_53_rev_5": "names every sub-paragraph of AC-3; Security Hub's short list stands for it",
    "nist_800_53_revision_4_aws.json": "an old revision",
    "nist_800_171_rev_2": "Prowler's list of the same revision stands for it",
    "fedramp_moderate_rev_4": "Prowler's list of the same revision stands for it",
    "fedramp_low_revision_4_aws.json": "a part of FedRAMP Moderate",
    "fedramp_20x_ksi_low_aws.json": "indicators of a pilot",
    "nist_csf_1.1_aws.json": "an old version",
    "iso27001_2013_aws.json": "an old version",
    "acsc_essential_eight": "numbers of its own; Prowler's are those of the strategies",
    "aws_account_security_onboarding_aws.json": "advice of AWS, no framework one is audited by",
    "aws_ai_security_framework_aws.json": "advice of AWS, no framework one is audited by",
    "aws_audit_manager_control_tower_guardrails_aws.json": "advice of AWS, no framework one is audited by",
    "aws_foundational_technical_review_aws.json": "advice of AWS, no framework one is audited by",
    "aws_foundational_security_best_practices_aws.json": "Security Hub's own identifiers stand for it",
    "aws_well_architected_framework_security_pillar_aws.json": "advice of AWS, no framework one is audited by",
    "aws_well_architected_framework_reliability_pillar_aws.json": "advice of AWS, no framework one is audited by",
    "prowler_threatscore_aws.json": "a score of that tool",
    "ccc_aws.json": "a catalog that is still a draft",
    "cisa_aws.json": "advice for small firms",
    "ens_rd2022_aws.json": "not among the frameworks that rules name",
    "ffiec_aws.json": "not among the frameworks that rules name",
    "gdpr_aws.json": "not among the frameworks that rules name",
    "gxp_21_cfr_part_11_aws.json": "not among the frameworks that rules name",
    "gxp_eu_annex_11_aws.json": "not among the frameworks that rules name",
    "kisa_isms_p_2023_aws.json": "not among the frameworks that rules name",
    "kisa_isms_p_2023_korean_aws.json": "not among the frameworks that rules name",
    "rbi_cyber_security_framework_aws.json": "not among the frameworks that rules name",
    "soc2_aws.json": "says nothing of MFA; Steampipe's list stands for it",
}

# Versions that the file does not hold, and where their identifiers are from.
OTHER_SOURCES = {
    ("cis-aws", "1.2.0"): "Steampipe's file of that version",
    ("nist-800-53", "r5"): "Security Hub's page",
    ("nist-800-63b", "r3"): "the publication",
    ("pci-dss", "4.0.1"): "Security Hub's page, the only public mapping of it",
}

# Rules of the file that are not in the catalog yet, or do not name all they should. One that does must leave the set.
AWAITED = set()


def places(rule):
    """Yields every requirement that the file gives a rule, as (framework, version, identifier)."""
    for control in rule["security_hub"]:
        yield "aws-security-hub", "", control
    for control in rule["aws_config"]:
        yield "aws-config", "", control
    for file, ids in rule["prowler_frameworks"].items():
        if file not in NOT_CARRIED:
            framework, version = PROWLER[file]
            for name in ids:
                yield framework, version, spelt(framework, name)
    for files in rule["steampipe_benchmarks"].values():
        for file, ids in files.items():
            folder = file.split("/")[0]
            for name in ids if folder not in NOT_CARRIED else ():
                yield of_steampipe(folder, name)


def spelt(framework, name):
    """Spells an identifier as the framework does."""
    match framework:
        case "fedramp-moderate":  # AC-2-F, IA-2-1-2
            head, *rest = re.fullmatch(r"([A-Z]{2}-\d+)(?:-(.*))?", name).groups()
            return head + "".join(f"({it.lower()})" for it in (rest[0] or "").split("-") if it)
        case "hipaa":  # 164_308_a_3_ii_a
            part, section, *rest = name.split("_")
            # The innermost paragraph is a capital letter.
            inner = [it.upper() if index == 3 else it for index, it in enumerate(rest)]
            return f"{part}.{section}" + "".join(f"({it})" for it in inner)
        case "dora":
            return name.removeprefix("DORA-")
        case _:
            return name


def of_steampipe(folder, name):
    """Returns the requirement that Steampipe's identifier stands for."""
    match folder:
        case "nist_csf_v2":  # nist_csf_v2_pr_aa_01
            function, category, number = name.removeprefix("nist_csf_v2_").upper().split("_")
            return "nist-csf", "2.0", f"{function}.{category}-{number}"
        case "soc_2":  # soc_2_cc_6_6
            return "soc-2", "2017", "CC" + name.removeprefix("soc_2_cc_").replace("_", ".")
        case "pci_dss_v40":  # pci_dss_v40_requirement_8_4_1, pci_dss_v40_appendix_a3_4_1
            number = re.sub(r"^pci_dss_v40_(requirement|appendix)_", "", name)
            return "pci-dss", "4.0", number.replace("_", ".").upper()
    raise AssertionError(f"nobody knows what {folder} is")


@pytest.fixture(scope="module")
def documented():
    """What `docs/controls.md` says: identifiers by place."""
    found = defaultdict(set)
    framework = None
    for line in (ROOT / "docs" / "controls.md").read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"## .* \(`(.+)`\)", line):
            framework = heading[1]
        elif link := re.search(r"\| \[([a-z0-9-]+)\]\(rules/[a-z0-9-]+\.md\) \|$", line):
            version, identifier = [it.strip() for it in line.split("|")[1:3]]
            found[framework, version, link[1]].add(identifier)
    assert found, "the page has no table"
    return found


@pytest.fixture(scope="module")
def mapped():
    """What the file says: identifiers by place."""
    if not MAPPING.is_file():
        pytest.skip(f"there is no {MAPPING}")
    found = defaultdict(set)
    for name, rule in json.loads(MAPPING.read_text(encoding="utf-8"))["rules"].items():
        for framework, version, identifier in places(rule):
            found[framework, version, RULES.get(name, name)].add(identifier)
    return found


def unexplained(documented, mapped):
    """Returns what differs and is not explained, as sentences by rule."""
    found = defaultdict(list)
    rules = {rule for _, _, rule in mapped}
    for place in sorted(set(documented) | set(mapped) | set(DIFFERENCES)):
        framework, version, rule = place
        if rule not in rules or (framework, version) in OTHER_SOURCES:
            continue
        ours, theirs = documented.get(place, set()), mapped.get(place, set())
        missing, extra, _ = DIFFERENCES.get(place, (set(), set(), ""))
        if (theirs - ours, ours - theirs) != (missing, extra):
            found[rule].append(f"{place}: not here: {sorted(theirs - ours)}; only here: {sorted(ours - theirs)}")
    return found


def test_what_a_rule_is_evidence_for_is_what_public_mappings_say_or_the_difference_is_explained(documented, mapped):
    found = unexplained(documented, mapped)
    told = [it for rule, sentences in found.items() if rule not in AWAITED for it in sentences]
    assert not told, "\n".join(told)


def test_rules_are_awaited_no_longer_than_they_are(documented, mapped):
    assert set(unexplained(documented, mapped)) >= AWAITED, "what is complete is awaited no more"


def test_every_explained_difference_has_a_reason_and_is_one(documented, mapped):
    for place, (missing, extra, reason) in DIFFERENCES.items():
        assert reason
        assert missing or extra, place
        if place[2] not in AWAITED:
            assert missing <= mapped[place], place
            assert extra <= documented[place], place


def test_the_corrections_of_the_file_are_ours_too(documented):
    """Where public mappings are known to be wrong, what is right is here."""
    # Prowler carries this item as a second 1.1.
    for (framework, version, _), ids in documented.items():
        if (framework, version) == ("cis-aws", "5.0.0"):
            assert "1.1" not in ids
    # Prowler's file has the rule's ordinal behind the requirement: 8.4.2.3.
    for (framework, _, _), ids in documented.items():
        if framework == "pci-dss":
            assert not {it for it in ids if it.startswith("8.4.") and it.count(".") > 2}
    # Prowler has identifiers of version 1.1 in its file of version 2.0.
    for (framework, version, _), ids in documented.items():
        if framework == "nist-csf":
            assert version == "2.0"
            assert all(re.fullmatch(r"[A-Z]{2}\.[A-Z]{2}-\d{2}", it) for it in ids)
    # Prowler relates IAM.19 to console users alone, and IAM.26 (expired certificates) to unused credentials.
    hub = {rule: ids for (framework, _, rule), ids in documented.items() if framework == "aws-security-hub"}
    assert hub["iam-user-mfa"] == {"IAM.19"}
    assert not any("IAM.26" in ids for ids in hub.values())
