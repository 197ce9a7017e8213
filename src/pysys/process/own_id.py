"""A value for a variable of the environment that is only known in the new process."""

from __future__ import annotations


class OwnId:
    """In the env of spawn: the variable's value is the process id of the program, as the program sees it.

    spawn(["server"], env={"LISTEN_PID": pysys.OWN_ID, "LISTEN_FDS": "1"}, fds={3: listener})
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "pysys.OWN_ID"

    def __reduce__(self) -> str:
        return "OWN_ID"  # a copy is the same


OWN_ID = OwnId()
