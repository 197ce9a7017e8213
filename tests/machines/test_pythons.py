"""Pythons that are built from source: what can be shown of it without building one."""

from __future__ import annotations

import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from paths import PROJECT

from machines import pythons
from machines.debian import Archive
from machines.errors import Trouble

pytestmark = pytest.mark.once
PRINTS = '#!/bin/sh\necho "$0" "$@"\n'


def script(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for programs, which is all that there is, with a cache of its own."""
    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    return tmp_path / "programs"


@pytest.mark.parametrize("name", pythons.ROWS)
def test_each_python_has_an_environment(name: str) -> None:
    """tox has one of its name, which a label has, and CONTRIBUTING says how to run it."""
    found = RawConfigParser()
    found.read(PROJECT / "tox.ini")
    environment = found[f"testenv:{name}"]
    assert environment["description"]
    assert environment["commands"] == f"python -m machines.pythons {name} {{posargs}}"
    labels = dict(line.split(" = ") for line in found["tox"]["labels"].strip().splitlines())
    assert name in labels["built"].split(", ")
    assert f"tox -e {name}" in (PROJECT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("name", pythons.ROWS)
def test_the_compiler_is_the_first_that_is_found(name: str, programs: Path) -> None:
    """cc and gcc are the row's compiler, which finds the kernel's headers, too."""
    row = pythons.ROWS[name]
    script(programs / row.compiler, PRINTS)
    script(programs / "make", PRINTS)
    path = pythons.settings(row, Path("/before"))["PATH"].split(":")
    assert path[:2] == ["/before", str(pythons.compiler(row))]
    for command in ("cc", "gcc"):
        said = subprocess.run([Path(path[1], command), "a b", "-c"], stdout=subprocess.PIPE, text=True).stdout
        assert said.startswith(f"{programs / row.compiler} a b -c")
        assert ("-idirafter" in said) == (row.compiler != "gcc")
    if row.compiler != "gcc":
        asked = [f"{path[1]}/cc", "--print-multiarch"]
        assert subprocess.run(asked, stdout=subprocess.PIPE).stdout == b""
        include = Path(said.split()[-1])
        assert {one.name for one in include.iterdir()} == set(pythons.KERNEL)
        assert (include / "linux/types.h").exists() and (include / "asm/unistd.h").exists()


@pytest.mark.parametrize("lacking", ["musl-gcc", "make"])
def test_what_is_missing_to_build_with_is_said(
    lacking: str, programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the packages that have it; in CI it is a failure."""
    for name in {"musl-gcc", "make"} - {lacking}:
        script(programs / name, PRINTS)
    for ci, status in (("", 0), ("true", 1)):
        monkeypatch.setenv("CI", ci)
        with pytest.raises(SystemExit) as caught:
            pythons.compiler(pythons.ROWS["musl"])
        assert caught.value.code == status
        assert "apt install gcc make musl-tools" in capsys.readouterr().err


def test_a_source_is_the_archive_of_its_authors(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what apt brings, it is the archive itself, not its signature; its lists are those of sources."""
    brought = "touch one.dsc one.orig.tar.xz.asc one.orig.tar.xz"
    text = f'#!/bin/sh\nPATH=/usr/bin:/bin\ncase "$*" in *source*) {brought};; esac\n'
    script(programs / "apt-get", text)
    monkeypatch.setenv("PYSYS_MIRROR", "http://three/debian")
    archive = Archive("sid", "amd64", sources=True)
    with archive.original("one") as path:
        assert path.name == "one.orig.tar.xz" and path.exists()
    assert not path.exists()
    lists = list((programs.parent / "cache/apt").glob("*/sources.list"))
    assert [one.parent.name for one in lists] == ["sid-source"]
    assert lists[0].read_text().startswith("deb-src [signed-by=")
    assert lists[0].read_text().endswith("] http://three/debian sid main\n")


def test_what_is_installed_has_a_version() -> None:
    """What a Python gets of the package index are the versions that wheels are built with."""
    assert {line.partition("==")[0] for line in pythons.versions()} == set(pythons.FROM_INDEX)


@pytest.mark.parametrize(("status", "runs"), [((0, 0), 2), ((0, 5), 2), ((3, 0), 1)])
def test_pytest_runs_where_the_package_is(
    status: tuple[int, int], runs: int, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a copy of the tree, on the Python that it was installed for, with the arguments that were given."""
    seen: list[list[str]] = []
    script(programs / "gcc", PRINTS)
    script(programs / "make", PRINTS)
    monkeypatch.setenv("PYSYS_ROUNDS", "7")
    monkeypatch.setenv("SECRET", "8")
    monkeypatch.setattr(pythons, "python", lambda name: programs.parent / "cache" / name)
    monkeypatch.setattr(pythons, "files", lambda: [Path("tox.ini")])
    monkeypatch.setattr(sys, "argv", ["pythons", "free-threaded", "-k", "fork"])

    def run(command: list[Any], **more: Any) -> SimpleNamespace:
        if "venv" in command:
            return SimpleNamespace(returncode=0)
        seen.append(command)
        assert (more["cwd"] / "tox.ini").exists()
        assert more["env"]["PATH"].startswith(str(Path(command[0]).parent))
        assert more["env"]["PYSYS_ROUNDS"] == "7" and "SECRET" not in more["env"]
        return SimpleNamespace(returncode=status[len(seen) - 1])

    monkeypatch.setattr(subprocess, "run", run)
    assert pythons.main() == status[runs - 1]
    assert [command[2] for command in seen] == ["pip", "pytest"][:runs]
    assert runs == 1 or seen[1][-4:] == ["-m", pythons.TESTS, "-k", "fork"]


def test_an_unknown_python_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With those that there are."""
    monkeypatch.setattr(sys, "argv", ["pythons", "other"])
    assert pythons.main() == 2
    assert "free-threaded|musl" in capsys.readouterr().err


def test_an_archive_without_the_source_is_named(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What apt says is what is shown."""
    script(programs / "apt-get", '#!/bin/sh\ncase "$*" in *source*) echo E: not found >&2; exit 100;; esac\n')
    monkeypatch.setenv("PYSYS_MIRROR", "http://three/debian")
    with (
        pytest.raises(Trouble, match=r"apt-get source .* one \(sid, amd64\):\nE: not found"),
        Archive("sid", "amd64", sources=True).original("one"),
    ):
        pass
