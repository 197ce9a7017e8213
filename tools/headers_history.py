"""Write from which kernels' headers names are, by the history of several collections of them.

usage: python -m tools.headers_history FOLDER

FOLDER has a clone of each repository of COLLECTIONS below, by its name there. Writes
tests/tables/headers_history.txt, to which a test holds every "Since Linux" of pysys.flags. A line there is
the last version without some names, the first with them, and the names; `-` where no collection lacks them.
"""

from __future__ import annotations

import enum
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pysys import flags

TABLE = Path(__file__).parents[1] / "tests/tables/headers_history.txt"
Version: TypeAlias = tuple[int, ...]


class Collection(NamedTuple):
    """Headers of several kernels in a repository.

    folders: where they are, "" for everywhere. subject: what a commit says that brings those of a version.
    tag: the pattern of tags that have versions. version: of a repository that has no other. Later stable
    releases have what was put back into them: of each version the first counts.
    """

    repository: str
    folders: tuple[str, ...] = ("include", "arch")
    subject: str = ""
    tag: str = ""
    version: str = ""


COLLECTIONS = (
    Collection("Robin329/Linux-2.4.0", version="2.4"),
    Collection("pwanbul/linux-2.6.11", version="2.6.11"),
    Collection("laitianli/kernel-analyze_linux-2.6.18", version="2.6.18"),
    Collection("fulei0920/linux-2.6.24", version="2.6.24"),
    Collection("sabotage-linux/kernel-headers", ("",), tag=r"^v(\d+\.\d+\.\d)$"),
    Collection(
        "aosp-mirror/platform_bionic",
        ("libc/kernel/uapi",),
        r"^Updat\w+ (?:to )?(?:kernel )?(?:uapi )?(?:headers )?(?:to )?v(\d+\.\d+)",  # not Android's own
    ),
    Collection("strace/strace", ("bundled/linux/include/uapi",), r"headers to v(\d+\.\d+)(?!\S*-rc)"),
)
# Others may have had the name before, whose headers most collections lack.
_ONE_ARCHITECTURE = re.compile(r"\basm-(?!generic)|^arch/")
_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_NAME = re.compile(r"\b[A-Z_][A-Za-z0-9_]{2,}\b")


def names() -> set[str]:
    """The kernel's names of all constants."""
    return {
        name
        for kind in (getattr(flags, name) for name in dir(flags))
        if isinstance(kind, type) and issubclass(kind, enum.Enum)
        for name in kind.__members__
    }


def version_of(text: str) -> Version:
    """A version, of Linux 2.6 in three parts, of others in two."""
    numbers = tuple(int(part) for part in text.split("."))
    return numbers[: 3 if numbers[:2] == (2, 6) else 2]


def git(directory: Path, *command: str, data: bytes = b"") -> bytes:
    return subprocess.run(
        ["git", "-C", str(directory), *command], input=data, stdout=subprocess.PIPE, check=True
    ).stdout


def commits(directory: Path, one: Collection) -> dict[Version, str]:
    """The commit of each version."""
    if one.version:
        return {version_of(one.version): "HEAD"}
    found: dict[Version, str] = {}
    if one.tag:
        for tag in git(directory, "tag", "--sort=version:refname").decode().split():
            if match := re.search(one.tag, tag):
                found.setdefault(version_of(match[1]), tag)
        return found
    log = git(directory, "log", "--reverse", "--format=%H %s", "--", *one.folders).decode()
    for line in log.splitlines():
        commit, _, subject = line.partition(" ")
        if match := re.search(one.subject, subject):
            found.setdefault(version_of(match[1]), commit)
    return found


def files(directory: Path, commit: str, folders: tuple[str, ...], wanted: set[str]) -> dict[str, set[str]]:
    """The names in each header of a commit."""
    listed = git(directory, "ls-tree", "-r", "--name-only", commit, *(folder for folder in folders if folder))
    paths = [path for path in listed.decode().splitlines() if path.endswith(".h")]
    asked = "".join(f"{commit}:{path}\n" for path in paths).encode()
    data = git(directory, "cat-file", "--batch", data=asked)
    found, at = {}, 0
    for path in paths:
        end = data.index(b"\n", at)
        head = data[at:end].split()
        if head[-1] == b"missing":
            at = end + 1
            continue
        size = int(head[2])
        text = _COMMENTS.sub(" ", data[end + 1 : end + 1 + size].decode("latin-1"))
        found[path] = wanted.intersection(_NAME.findall(text))
        at = end + 1 + size + 1
    return found


def walked(
    directory: Path, one: Collection, wanted: set[str]
) -> tuple[dict[str, Version], dict[str, Version]]:
    """The first version with each name, and the last whose same header lacks it."""
    first: dict[str, Version] = {}
    without: dict[str, Version] = {}
    before: dict[str, Version] = {}  # by header: the last version that has it
    for version, commit in sorted(commits(directory, one).items()):
        now = files(directory, commit, one.folders, wanted)
        for path, there in now.items():
            for name in there - first.keys():
                first[name] = version
                if path in before and not _ONE_ARCHITECTURE.search(path):
                    without[name] = before[path]
        before |= dict.fromkeys(now, version)
    return first, without


def history(folder: Path) -> dict[str, tuple[Version | None, Version]]:
    """Between which versions each name came."""
    wanted = names()
    first: dict[str, Version] = {}
    without: dict[str, Version] = {}
    complete: list[tuple[Version, set[str]]] = []
    for one in COLLECTIONS:
        directory = Path(git(folder / one.repository, "rev-parse", "--absolute-git-dir").decode().strip())
        begun, lacked = walked(directory, one, wanted)
        if one.version:
            complete.append((version_of(one.version), set(begun)))
        print(f"{one.repository}: {len(begun)} names", file=sys.stderr, flush=True)
        for name, version in begun.items():
            first[name] = min(version, first.get(name, version))
        for name, version in lacked.items():
            without[name] = max(version, without.get(name, version))
    for version, there in complete:  # all of a kernel's headers, and its own: what is nowhere is not there
        for name in first.keys() - there:
            if version < first[name]:
                without[name] = max(version, without.get(name, version))
    return {
        name: (without[name] if name in without and without[name] < version else None, version)
        for name, version in first.items()
    }


def text(found: dict[str, tuple[Version | None, Version]]) -> str:
    groups = defaultdict(list)
    for name, (last, begun) in found.items():
        groups[begun, last or ()].append(name)
    lines = []
    for (begun, last), listed in sorted(groups.items()):
        head = f"{'.'.join(map(str, last)) or '-'} {'.'.join(map(str, begun))}"
        lines += textwrap.wrap(
            f"{head} {' '.join(sorted(listed))}", 110, subsequent_indent="  ", break_long_words=False
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    TABLE.write_text(text(history(Path(sys.argv[1]))), "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
