"""Why a program gave up: it is traced, and its failed calls are explained in its own place.

    from pysys import why
    print(why(["python3", "-m", "http.server", "80"]))

`following` takes the events of the trace; `relevance` says which failures matter, by `usual`, which programs
expect. `asking` has a helper look in the place of the process, which `joining` takes it to; `limits`,
`filtering` and `endings` look at the process from outside: its limits, its filters, the signal that ended it.
`report` is what comes of it.
"""

from __future__ import annotations

from pysys.reasons.following import why as why
from pysys.reasons.report import Failure as Failure
from pysys.reasons.report import ProcessEnd as ProcessEnd
from pysys.reasons.report import Why as Why

__all__ = ["Failure", "ProcessEnd", "Why", "why"]
