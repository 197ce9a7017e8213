"""Watch the system calls of a program, and of all that it starts, as they happen.

    from pysys import trace
    with trace(["ls", "-l"]) as events:
        for event in events: ...

`engine` follows the processes by ptrace; `program` starts the first one, `attaching` begins with one that
runs already; `events` has what is seen. `plan` says what the arguments of a call are on its ABI, `memory`
reads from another process, `words` makes values of both, and `text` shows them. `selection` is which calls
are wanted, and `filter` lets the kernel stop at no others.
"""

from __future__ import annotations

from pysys.tracing.engine import Trace, trace
from pysys.tracing.events import Call, Ended, Entered, Event, Executed, Exiting, Signalled, Started, Stopped
from pysys.tracing.memory import link as link
from pysys.tracing.plan import Plan as Plan
from pysys.tracing.values import Address, Data, Descriptor, SignalSet
from pysys.tracing.values import signal_name as signal_name

__all__ = [
    "Address",
    "Call",
    "Data",
    "Descriptor",
    "Ended",
    "Entered",
    "Event",
    "Executed",
    "Exiting",
    "SignalSet",
    "Signalled",
    "Started",
    "Stopped",
    "Trace",
    "trace",
]


def __dir__() -> list[str]:
    return __all__
