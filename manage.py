#!/usr/bin/env python3
"""SparkOps on the command line.

`python3 manage.py demo` and `python3 manage.py test` need nothing but Python 3.11 and pip: they
make their own environment first. Every other command is Django's.
"""

import runpy
import sys
from pathlib import Path


def main() -> None:
    # Loaded by path: importing the package needs Celery, which may not be installed yet.
    bootstrap = runpy.run_path(str(Path(__file__).resolve().parent / "sparkops" / "bootstrap.py"))
    bootstrap["ensure_environment"](sys.argv)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
