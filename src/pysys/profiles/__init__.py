"""Profiles of programs: which calls one makes, as a filter, and what a profile means for a program.

    from pysys import profiles
    seen = profiles.record(["sort", "file"])           # runs it; + merges several runs
    seen.filter()                                      # a seccomp.Filter, for spawn(seccomp=)
    seen.write("oci")                                  # for a container engine; "systemd", "python"
    print(profiles.check(text, argv=["sort", "-u"]))   # what a profile refuses, and what a program would meet

`recording` follows a program, `loaders` says where its loader is, `comparing` which arguments are compared;
`writing` makes a filter and text of a recording; `checking` reads a profile, and `traces` a trace.
"""

from __future__ import annotations

from pysys.profiles.checking import ProfileCheck, ProfileMeeting, check
from pysys.profiles.recording import RecordedCall, Recording, record

__all__ = ["ProfileCheck", "ProfileMeeting", "RecordedCall", "Recording", "check", "record"]

for _kind in (ProfileCheck, ProfileMeeting, RecordedCall, Recording):  # the public name, also for pickles
    _kind.__module__ = __name__


def __dir__() -> list[str]:
    return __all__
