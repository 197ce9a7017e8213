# PYTHON_ARGCOMPLETE_OK
"""`python -m pysys`: the same as the command `pysys`."""

import sys

from pysys.cli import main

if __name__ == "__main__":
    sys.exit(main())
