"""The Terraform configuration that `mfaudit policy` prints says what the other forms say, to readers of HCL."""

import json
import os
import re
import sys
from pathlib import Path

import hcl2
import pytest
from harness import environment, run
from test_policy import SITES, printed, resolved, role_of

PRINCIPAL = "arn:aws:iam::111111111111:role/runner"

# To a reader that takes any of this for code, the configuration is another one or none at all.
HOSTILE_TEXT = '"\\\n}\nresource "null_resource" "x" {} ${file("/etc/passwd")} %{ if true }$${x} \\${y} \t\u202e\u0007'
HOSTILE_PATH = '/a"b\\c/$${file("/etc/passwd")}/%{if}/'

OPTIONS = pytest.mark.parametrize(
    "options",
    [
        [],
        ["--external-id", "correct-horse"],
        ["--principal", PRINCIPAL, "--organization", "o-exampleorg"],
        ["--role-path", "/security/", "--role-name", "auditor"],
        ["--rule", "root-user-mfa"],
        ["--role-path", HOSTILE_PATH],
        [
            *["--principal", HOSTILE_TEXT, "--organization", HOSTILE_TEXT],
            *["--external-id", HOSTILE_TEXT, "--role-path", HOSTILE_PATH],
        ],
    ],
    ids=["plain", "external-id", "principal", "role", "one-rule", "hostile-path", "all-hostile"],
)

# CloudFormation's names of the same parameters.
CAMEL = {
    "audit_principal_arn": "AuditPrincipalArn",
    "organization_id": "OrganizationId",
    "external_id": "ExternalId",
    "role_name": "RoleName",
    "role_path": "RolePath",
}


def configuration(mfaudit, *arguments):
    finished = mfaudit.run("policy", "--as", "terraform", *arguments)
    assert finished.exit == 0, str(finished)
    return finished.out


def read(text):
    """Parses HCL; strings stay as they are written, in quotes."""
    return hcl2.loads(text, serialization_options=hcl2.SerializationOptions(explicit_blocks=False, with_comments=False))


def read_expression(expression):
    """Parses a part of an expression that python-hcl2 has left as it is written."""
    return read(f"it = {expression}\n")["it"]


def argument(function, expression):
    """Parses the one argument of a function call."""
    call = re.fullmatch(rf"\$\{{{function}\((.*)\)\}}", expression, re.DOTALL)
    assert call, f"{expression} is no call of {function}"
    return read_expression(call[1])


ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def plain(quoted):
    """Returns what a quoted string stands for, as the specification of HCL's native syntax has it."""
    assert quoted[0] == quoted[-1] == '"', f"{quoted} is no string"

    def escape(match):
        whole = match[0]
        if whole[0] in "$%":
            return whole[1:]
        return ESCAPES[whole[1]] if whole[1] in ESCAPES else chr(int(whole[2:], 16))

    return re.sub(r"\$\$\{|%%\{|\\U[0-9a-f]{8}|\\u[0-9a-f]{4}|\\.", escape, quoted[1:-1], flags=re.DOTALL)


def blocks(document, kind, *labels):
    """Returns the bodies of the blocks of a kind, by name; `labels` come between."""
    found = {}
    for block in document[kind]:
        for label in labels:
            block = block.get(f'"{label}"', {})
        found |= {plain(name): body for name, body in block.items()}
    return found


def variables_of(document):
    return blocks(document, "variable")


def given(document):
    """Returns the variables' values: the default, or what someone has to give."""
    values = {"audit_principal_arn": PRINCIPAL, "organization_id": "o-exampleorg"}
    return values | {n: plain(it["default"]) for n, it in variables_of(document).items() if "default" in it}


def evaluated(value, values):
    """Returns an argument of jsonencode as Terraform would write it: interpolations of known names, nothing else."""
    if isinstance(value, list):
        return [evaluated(it, values) for it in value]
    if isinstance(value, dict):
        # Keys that are no identifiers are quoted.
        return {name.strip('"'): evaluated(it, values) for name, it in value.items()}
    if value.startswith("${merge("):
        # { always } and, if the variable is set, { more }
        pattern = r"\$\{merge\((\{.*?\}), var\.(\w+) == \"\" \? \{\} : (\{.*?\})\)\}"
        always, name, more = re.fullmatch(pattern, value).groups()
        chosen = [always, more] if values[name] else [always]
        return {k: v for it in chosen for k, v in evaluated(read_expression(it), values).items()}

    def known(match):
        reference = match[1]
        if reference == "data.aws_partition.current.partition":
            return "aws"
        assert reference.startswith("var."), f"{reference} is no reference that is known"
        return values[reference.removeprefix("var.")]

    assert "\\" not in value, f"{value} has an escape"
    return re.sub(r"\$\{([^}]*)\}", known, value.strip('"'))


def policies_of(document):
    """Returns the trust and the permissions, with everything resolved."""
    values = given(document)
    role = blocks(document, "resource", "aws_iam_role")["audit"]
    policy = blocks(document, "resource", "aws_iam_role_policy")["audit"]
    assert policy["role"] == "${aws_iam_role.audit.id}"
    assert role["name"] == "${var.role_name}"
    assert role["path"] == "${var.role_path}"
    texts = role["assume_role_policy"], policy["policy"]
    return [evaluated(argument("jsonencode", it), values) for it in texts]


@OPTIONS
@SITES
def test_the_configuration_is_the_policy_and_the_template(mfaudit, site, options):
    document = read(configuration(mfaudit, "--for", site, *options))
    trust, policy = policies_of(document)
    assert policy == printed(mfaudit, "--for", site, *options)

    template = printed(mfaudit, "--for", site, "--as", "cloudformation", *options)
    [role] = [it["Properties"] for it in template["Resources"].values()]
    parameters = {CAMEL[name]: value for name, value in given(document).items()}
    assert trust == resolved(role["AssumeRolePolicyDocument"], parameters)
    if "--role-path" not in options:
        # To the template's other test a hostile path looks like a reference.
        assert policy == role_of(template)["Policies"][0]["PolicyDocument"]


@OPTIONS
@SITES
def test_the_variables_are_the_template_s_parameters(mfaudit, site, options):
    variables = variables_of(read(configuration(mfaudit, "--for", site, *options)))
    template = printed(mfaudit, "--for", site, "--as", "cloudformation", *options)
    assert {CAMEL[name] for name in variables} == set(template["Parameters"])
    for name, variable in variables.items():
        parameter = template["Parameters"][CAMEL[name]]
        assert plain(variable["description"]) == parameter["Description"]
        default = plain(variable["default"]) if "default" in variable else None
        assert default == parameter.get("Default"), name
        [validation] = variable["validation"]
        assert f'regex("{parameter["AllowedPattern"]}", var.{name})' in validation["condition"]
        longest = re.search(r"length\(var\.(\w+)\) <= (\d+)", validation["condition"])
        assert (longest and longest.groups()) == (
            (name, str(parameter["MaxLength"])) if "MaxLength" in parameter else None
        )


@OPTIONS
@SITES
def test_nothing_but_the_role_is_in_the_configuration(mfaudit, site, options):
    document = read(configuration(mfaudit, "--for", site, *options))
    assert set(document) == {"terraform", "variable", "data", "resource", "output"}
    assert [list(it) for it in document["resource"]] == [['"aws_iam_role"'], ['"aws_iam_role_policy"']]
    assert document["data"] == [{'"aws_partition"': {'"current"': {}}}]


def terraform(folder, *arguments):
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    program = Path(__file__).with_name("terraform_program.py")
    return run([sys.executable, program, *arguments], environment(folder, quiet), folder)


@OPTIONS
@SITES
def test_the_configuration_is_laid_out_as_terraform_does(mfaudit, tmp_path, site, options):
    (tmp_path / "main.tf").write_text(configuration(mfaudit, "--for", site, *options), encoding="utf-8")
    finished = terraform(tmp_path, "fmt", "-check", "-diff")
    assert finished.exit == 0, f"{finished}\n{finished.out}"


def without_provider(text):
    """Returns a configuration that prints the policies: Terraform's own evaluation, without AWS's provider."""
    variables = re.search(r"^variable .*?(?=^data )", text, re.DOTALL | re.MULTILINE)[0]
    policies = re.findall(r"^  (\w*policy) = (jsonencode\(\{\n.*?^  \}\))$", text, re.DOTALL | re.MULTILINE)
    assert [name for name, _ in policies] == ["assume_role_policy", "policy"]
    outputs = "".join(f'output "{name}" {{\n  value = {it}\n}}\n' for name, it in policies)
    return variables + outputs.replace("${data.aws_partition.current.partition}", "aws")


@SITES
def test_terraform_evaluates_it_to_the_same_policies(mfaudit, tmp_path, site):
    principal = 'arn:aws:iam::111111111111:role/r"\\${file("/etc/passwd")}%{if}$${'
    options = ["--principal", principal, "--organization", "o-a1b2c3d4e5", "--external-id", "correct_horse"]
    options += ["--role-path", HOSTILE_PATH]
    text = configuration(mfaudit, "--for", site, *options)
    (tmp_path / "main.tf").write_text(without_provider(text), encoding="utf-8")
    for command in (["init"], ["apply", "-auto-approve", "-input=false"], ["output", "-json"]):
        finished = terraform(tmp_path, *command)
        assert finished.exit == 0, f"{finished}\n{finished.out}"
    outputs = {name: json.loads(it["value"]) for name, it in json.loads(finished.out).items()}
    assert outputs["policy"] == printed(mfaudit, "--for", site, *options)
    [statement] = outputs["assume_role_policy"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "sts:ExternalId": "correct_horse"}},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        ["--principal", "*"],
        ["--principal", "arn:aws:iam::111111111111:root"],
        ["--organization", "o-short"],
        ["--external-id", "x"],
        ["--external-id", "a b"],
        ["--external-id", "x" * 1225],
    ],
    ids=["any-principal", "root", "organization", "short-id", "space", "long-id"],
)
def test_terraform_refuses_a_variable_that_cannot_be(mfaudit, tmp_path, wrong):
    right = {"--principal": PRINCIPAL, "--organization": "o-a1b2c3d4e5", "--external-id": "x" * 1224}
    for options, refused in ((right, False), (right | {wrong[0]: wrong[1]}, True)):
        text = configuration(mfaudit, "--for", "member", *[it for pair in options.items() for it in pair])
        (tmp_path / "main.tf").write_text(without_provider(text), encoding="utf-8")
        assert terraform(tmp_path, "init").exit == 0
        finished = terraform(tmp_path, "plan", "-input=false", "-no-color")
        assert (finished.exit != 0) == refused, f"{finished}\n{finished.out}"
        assert ("must be" in finished.err) == refused, str(finished)
