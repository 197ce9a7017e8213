"""Why a map of user or group ids could not be written to /proc/PID/uid_map or gid_map."""

from __future__ import annotations

import os
from re import fullmatch

from pysys.diagnosis.facts import read
from pysys.diagnosis.failures import Finding, Verdict
from pysys.reasons.joining import fields, is_first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pysys.tracing import Call

__all__ = ["findings", "is_map"]

_NAME = r"/proc/(\d+)/(?:task/\d+/)?([ug])id_map"
_SETGID, _SETUID, _SYS_ADMIN, _SETFCAP = 6, 7, 21, 31
_MOST = 340  # lines of a map


def is_map(call: Call) -> bool:
    """Whether a call writes a map of ids."""
    found = call.arguments.get("fd")
    return call.name in ("write", "pwrite64") and bool(fullmatch(_NAME, getattr(found, "path", "")))


def findings(call: Call) -> Iterator[Finding]:
    """What the map, and who writes it, say about an EPERM or EINVAL; nothing for other files."""
    place = fullmatch(_NAME, getattr(call.arguments.get("fd"), "path", ""))
    text = call.arguments.get("buf")
    if place is None or not isinstance(text, bytes) or call.name not in ("write", "pwrite64"):
        return
    pid, kind = place[1], place[2]
    file = f"/proc/{pid}/{kind}id_map"
    lines = [line.split() for line in text.decode("latin-1").splitlines() if line.strip()]
    if call.errno == "EINVAL":
        yield from _malformed(lines)
        return
    if call.errno != "EPERM":
        return
    before = read(file)
    if before and before.value:
        yield Finding(Verdict.PROVEN, f"{file} has been written before: a map is written once.", file)
        return
    status = fields(f"/proc/{call.pid}/task/{call.tid}/status")
    held = int(status.get("CapEff", "0"), 16)
    inside = _namespace(str(call.pid)) == _namespace(pid)
    name, bit = ("CAP_SETUID", _SETUID) if kind == "u" else ("CAP_SETGID", _SETGID)
    told = f"CapEff of /proc/{call.pid}/status"
    if inside and not held >> _SYS_ADMIN & 1:
        sentence = "The writer lacks CAP_SYS_ADMIN in its namespace: an execve without a map takes it."
        advice = "write the map before the execve, or have a process outside do it (unshare --map-root-user)"
        yield Finding(Verdict.PROVEN, sentence, told, advice)
        return
    if not inside and held >> bit & 1:
        if kind == "u" and not held >> _SETFCAP & 1 and any(line[1:2] == ["0"] for line in lines):
            sentence = "The map has root of the namespace above, which takes CAP_SETFCAP since Linux 5.12."
            yield Finding(Verdict.FITS, sentence, told)
        else:
            sentence = f"The writer has {name}: it may map all ids that its own namespace has."
            yield Finding(Verdict.EXCLUDED, sentence, told)
        return
    where = "it is in the new namespace" if inside else "it does not have that"
    needs = f"Without {name} in the namespace above ({where})"
    own = status.get("Uid" if kind == "u" else "Gid", "").split()[1:2]
    shown = " / ".join(" ".join(line) for line in lines)
    source = f"the map: {shown}; the writer's id is {own[0] if own else 'unknown'}"
    advice = "have a process outside write it, or newuidmap and newgidmap with /etc/subuid and /etc/subgid"
    if len(lines) != 1 or lines[0][2:] != ["1"]:
        yield Finding(Verdict.PROVEN, f"{needs}, a map is a single line with a single id.", source, advice)
    elif own and lines[0][1:2] != own:
        sentence = f"{needs}, only its own id may be mapped, {own[0]}, not {lines[0][1]}."
        yield Finding(Verdict.PROVEN if is_first() else Verdict.FITS, sentence, source, advice)
    elif kind == "g" and read(f"/proc/{pid}/setgroups").value != "deny":
        sentence = f"{needs}, 'deny' has to be written to /proc/{pid}/setgroups first."
        yield Finding(Verdict.PROVEN, sentence, f"/proc/{pid}/setgroups: allow")


def _malformed(lines: list[list[str]]) -> Iterator[Finding]:
    if len(lines) > _MOST:
        sentence = f"The map has {len(lines)} lines; {_MOST} are the most."
        yield Finding(Verdict.PROVEN, sentence, "the argument")
    ranges: list[tuple[int, int, int]] = []
    for line in lines:
        shown = " ".join(line)
        if len(line) != 3 or not all(word.isdecimal() for word in line) or line[2] == "0":
            sentence = f"{shown!r} is not a line of a map: first id here, first id above, how many."
            yield Finding(Verdict.PROVEN, sentence, "the argument")
            return
        here, above, count = map(int, line)
        for other in ranges:
            if any(
                mine < theirs + other[2] and theirs < mine + count
                for mine, theirs in ((here, other[0]), (above, other[1]))
            ):
                sentence = f"{shown!r} overlaps with another line of the map."
                yield Finding(Verdict.PROVEN, sentence, "the argument")
                return
        ranges.append((here, above, count))


def _namespace(pid: str) -> str:
    try:
        return os.readlink(f"/proc/{pid}/ns/user")
    except OSError:
        return ""
