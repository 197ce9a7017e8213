"""How many times longer a test may take on this machine."""

import os

# Limits of time are for a machine's own processor; an emulated one is given more.
PATIENCE = float(os.environ.get("PYSYS_PATIENCE", "1"))
