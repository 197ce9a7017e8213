"""Which container engine's default profile the filter of this thread is nearest to."""

from __future__ import annotations

from pysys import abi
from pysys.diagnosis import capabilities, kernel
from pysys.diagnosis.facts import Fact, unknown
from pysys.loading import load
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pysys.diagnosis.filters import CallVerdict

_LIKE = 0.1  # of the calls that are compared may differ; beyond that it is another filter


class NearestProfile(Record):
    """How the filter compares with a published profile.

    engine: "docker", "podman"; "none" if neither is near, or nothing is refused. differs: the calls about
    which that profile decides otherwise, and what it does: "allowed", "refused". compared: how many were.
    """

    engine: str
    differs: tuple[tuple[str, str], ...]
    compared: int

    def __str__(self) -> str:
        differs = ", ".join(f"{name} ({does} there)" for name, does in self.differs)
        if self.engine == "none":
            return "none"
        count = f"{self.engine}, of {self.compared} calls {len(self.differs)} differ"
        return f"{count}: {differs}" if differs else count


def nearest(verdicts: Mapping[str, CallVerdict]) -> Fact:
    """The profile that these verdicts are nearest to, as NearestProfile.

    What a profile allows depends on the capabilities that the container was started with: those of the
    bounding set count here. A call that it allows for some arguments counts as allowed.
    """
    source = "pysys.metadata's profiles"
    bounding, version = capabilities.held("bounding"), kernel.version()
    if not bounding or not version:
        return unknown(source, (bounding or version).unknown)
    known = {name: one.state == "open" for name, one in verdicts.items() if one.state in ("open", "refused")}
    if all(known.values()):
        return Fact(NearestProfile("none", (), len(known)), source)
    profiles = load("pysys.metadata.profiles")
    machine, release = abi.current().name, ".".join(map(str, version.value))
    found = []
    for engine in profiles.ENGINES:
        differs = []
        for name, is_open in known.items():
            allowed = profiles.allowed(name, engine, bounding.value, machine, release) is not False
            if allowed != is_open:
                differs.append((name, "allowed" if allowed else "refused"))
        found.append(NearestProfile(engine, tuple(differs), len(known)))
    best = min(found, key=lambda one: len(one.differs))
    if len(best.differs) > _LIKE * len(known):
        best = NearestProfile("none", (), len(known))
    return Fact(best, source)
