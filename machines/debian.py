"""Debian's archive: apt resolves, downloads and verifies, for any suite and architecture, without root.

Each suite and architecture has a folder of its own in the cache, which is all that apt sees of a system: no
package is installed there but those named in ABSENT, which nothing here needs.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machines.cache import cache, locked
from machines.errors import Trouble

# What machines do without: the tools that install packages, and what only their scripts use.
ABSENT = (
    "adduser base-passwd ca-certificates debconf debianutils dpkg initramfs-tools install-info kmod "
    "linux-base linux-base-6.12 mawk passwd perl perl-base tar tzdata ucf"
).split()
HOSTS = {"x86_64": "amd64", "aarch64": "arm64"}  # what this machine may be, as Debian calls it


def mirror() -> str:
    """The archive's address: $PYSYS_MIRROR, or that of this machine's package sources."""
    if os.environ.get("PYSYS_MIRROR"):
        return os.environ["PYSYS_MIRROR"]
    if not shutil.which("apt-get"):
        raise Trouble("apt brings and verifies Debian's packages: install apt, and debian-archive-keyring")
    form = "$(REPO_URI) $(COMPONENT) $(LABEL)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    for line in listed:
        uri, component, label = f"{line}  ".split(" ", 2)
        # Debian-Security, and others' archives for Debian, have other labels; before an update none has one.
        name = label.strip() or uri.rstrip("/").rpartition("/")[2].capitalize()
        if component == "main" and name == "Debian":
            return uri
    raise Trouble("this machine's package sources name no Debian archive: set PYSYS_MIRROR to one's address")


def host() -> str:
    """Debian's name of this machine's architecture."""
    machine = platform.machine()
    if machine not in HOSTS:
        raise Trouble(f"emulators are fetched for {' and '.join(HOSTS)}; this machine is {machine}")
    return HOSTS[machine]


class Archive:
    """The packages of a suite for an architecture, or (`sources`) what they are built from."""

    def __init__(self, suite: str, architecture: str, sources: bool = False) -> None:
        self.suite, self.architecture = suite, architecture
        self._kind = "deb-src" if sources else "deb"
        self._root = cache() / "apt" / f"{suite}-{'source' if sources else architecture}"
        self._current = False

    def _apt(self, program: str, *arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            [program, "-qq", *arguments],
            env={**os.environ, "APT_CONFIG": str(self._root / "apt.conf"), "LC_ALL": "C"},
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            what = f"{program} {' '.join(arguments)} ({self.suite}, {self.architecture})"
            raise Trouble(f"{what}:\n{done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def _update(self) -> None:
        """Write apt's settings and bring the lists up to date, once a run."""
        if self._current:
            return
        for folder in ("state/lists/partial", "cache/archives/partial", "nothing"):
            (self._root / folder).mkdir(parents=True, exist_ok=True)
        trusted = Path("/etc/apt/trusted.gpg.d"), Path("/usr/share/keyrings")
        keyrings = [path for folder in trusted for path in sorted(folder.glob("debian-archive*keyring.*"))]
        if not keyrings:
            raise Trouble("no keyring to verify Debian's packages with: install debian-archive-keyring")
        (self._root / "sources.list").write_text(
            f"{self._kind} [signed-by={keyrings[0]}] {mirror()} {self.suite} main\n"
        )
        (self._root / "status").write_text(
            "\n".join(
                f"Package: {name}\nStatus: install ok installed\nArchitecture: {self.architecture}\n"
                "Multi-Arch: foreign\nVersion: 9999\nMaintainer: none\nDescription: left out\n"
                for name in ABSENT
            )
        )
        settings = {
            "Dir::Etc::SourceList": self._root / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": self._root / "nothing",
            "Dir::State": self._root / "state",
            "Dir::State::status": self._root / "status",
            "Dir::Cache": self._root / "cache",
            "APT::Architecture": self.architecture,
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::Check-Valid-Until": "false",  # a mirror may lag behind
            "Acquire::Retries": "3",
        }
        lines = [f'{name} "{value}";' for name, value in settings.items()]
        lines += ["#clear APT::Architectures;", f'APT::Architectures {{ "{self.architecture}"; }};']
        (self._root / "apt.conf").write_text("\n".join(lines) + "\n")
        self._apt("apt-get", "update")
        self._current = True

    def names(self, pattern: str) -> list[str]:
        """The packages whose full name this expression matches."""
        with locked(self._root):
            self._update()
            return sorted(
                name for name in self._apt("apt-cache", "pkgnames").split() if re.fullmatch(pattern, name)
            )

    @contextmanager
    def downloaded(self, packages: list[str]) -> Iterator[list[Path]]:
        """The .deb files of these packages and of all that they depend on, verified, for a while."""
        with tempfile.TemporaryDirectory(dir=cache(), prefix="debs.") as work:
            with locked(self._root):
                self._update()
                archives = Path(work, "archives")
                (archives / "partial").mkdir(parents=True)
                where = ("-o", f"Dir::Cache::archives={archives}")
                self._apt("apt-get", "install", "--yes", "--download-only", *where, *packages)
            yield sorted(archives.glob("*.deb"))

    @contextmanager
    def alone(self, package: str) -> Iterator[Path]:
        """One package's .deb file, verified, without what it depends on."""
        with tempfile.TemporaryDirectory(dir=cache(), prefix="deb.") as work:
            with locked(self._root):
                self._update()
                self._apt("apt-get", "download", package, cwd=Path(work))
            yield next(Path(work).glob("*.deb"))

    @contextmanager
    def original(self, package: str) -> Iterator[Path]:
        """The tar archive that a source package is made of, as its authors published it, verified."""
        with tempfile.TemporaryDirectory(dir=cache(), prefix="source.") as work:
            with locked(self._root):
                self._update()
                only = ("--download-only", "--tar-only")
                self._apt("apt-get", "source", *only, package, cwd=Path(work))
            yield next(path for path in Path(work).glob("*.orig.tar.*") if path.suffix != ".asc")
