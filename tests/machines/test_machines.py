"""What makes machines: what can be shown of it without booting one."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from configparser import RawConfigParser
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from paths import PROJECT, SUPPORT

import build_reference as reference
from machines import __main__ as command
from machines import boot, debian, image, packages, proofs, pyc_cache, qemu_user, report, table
from machines.cache import cache, made
from machines.cpio import Writer
from machines.errors import Trouble
from machines.files import files
from tools import provoke

pytestmark = pytest.mark.once
ALL = {**table.ROWS, **table.USER}


def tox() -> RawConfigParser:
    found = RawConfigParser()
    found.read(PROJECT / "tox.ini")
    return found


@pytest.mark.parametrize("name", ALL)
def test_each_machine_has_an_environment(name: str) -> None:
    """tox has an environment of each machine's name, with a description, and one label has them all."""
    found = tox()
    assert found[f"testenv:{name}"]["base"] == "machine"
    assert found[f"testenv:{name}"]["description"]
    labels = dict(line.split(" = ") for line in found["tox"]["labels"].strip().splitlines())
    assert name in labels["all-machines"].split(", ")


def test_ci_runs_every_environment_of_tox_run_and_its_machines() -> None:
    """In an order of its own, CI runs what `tox run` and `tox run -m machines` run."""
    found = tox()["tox"]
    labels = dict(line.split(" = ") for line in found["labels"].strip().splitlines())
    both = [*found["env_list"].split(", "), *labels["machines"].split(", ")]
    text = (PROJECT / ".ci/run").read_text("utf-8")
    listed = "".join(re.findall(r"^environments\+?=(\S+)$", text, re.MULTILINE))
    assert sorted(listed.split(",")) == sorted(both)


# ---- examples and provocations of the pages ----


def test_the_machines_of_ci_share_all_proofs() -> None:
    """Each that one of them can run is run by one of them, none by two, and each has its part."""
    labels = dict(line.split(" = ") for line in tox()["tox"]["labels"].strip().splitlines())
    assert list(table.SHARED) == labels["machines"].split(", ")
    runs: dict[tuple[str, int | str], list[str]] = {}
    for name in table.SHARED:
        must = proofs.share(table.ROWS[name])["must"]
        assert len(must) > 50
        for page, what in must.items():
            for one in what:
                runs.setdefault((page, one), []).append(name)
    assert all(len(names) == 1 for names in runs.values())
    others = {proof.needs for proof in proofs.proofs() if (proof.page, proof.what) not in runs}
    rows = [table.ROWS[name] for name in table.SHARED]
    assert not [needs for needs in others for row in rows if all(proofs.meets(row, need) for need in needs)]
    unknown = {need for needs in others for need in needs if not any(proofs.meets(row, need) for row in rows)}
    assert {need for need in unknown if not re.match("arch=|compat=|cpu|kernel>=", need)} <= table.NOWHERE


def test_a_proof_goes_where_its_needs_are_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the machine of its page, or the next that has what it needs; to others what cannot be shown here."""
    newest, arm, old = (table.ROWS[name] for name in ("x86_64-newest", "armhf-on-aarch64", "s390x"))
    on_kernel = table.ROWS["i386-on-x86_64"]
    assert [proofs.meets(row, "64-bit") for row in (newest, arm, old, on_kernel)] == [
        True,
        False,
        True,
        False,
    ]
    assert [proofs.meets(row, "kernel>=6.2") for row in (newest, arm, old)] == [True, True, False]
    assert [proofs.meets(row, "kernel<6.2") for row in (newest, arm, old)] == [False, False, True]
    assert [proofs.meets(row, "kernel<7.3") for row in (newest, arm)] == [False, True]  # sid gets newer ones
    assert {proofs.home(proofs.Proof(name, 0, ("kernel<6.2",))) for name in ("open", "read")} == {"s390x"}
    assert [proofs.meets(row, "arm") for row in (newest, arm, old)] == [False, True, False]
    assert [proofs.meets(row, "arch=armv7l") for row in (arm, table.ROWS["armhf"])] == [False, True]
    assert not proofs.meets(on_kernel, "arch=x86_64")
    assert [proofs.meets(row, "compat=x86_64") for row in (on_kernel, newest)] == [True, False]
    assert [proofs.meets(row, "cpu=ospke") for row in (on_kernel, newest)] == [True, False]
    assert {proofs.home(proofs.Proof(name, 0, ())) for name in reference.files()} == set(table.SHARED)
    assert {proofs.home(proofs.Proof(name, 0, ("arch=s390x",))) for name in ("open", "read")} == {"s390x"}
    assert proofs.home(proofs.Proof("open", 0, ("arch=riscv64",))) is None
    needs = ("root", "kernel>=5.0", "kernel>=99.1", "arch=riscv64")
    found = [proofs.Proof("open", index, (need,)) for index, need in enumerate(needs)]
    monkeypatch.setattr(proofs, "proofs", lambda: iter(found))
    monkeypatch.setattr(proofs, "unmet", lambda needs: [need for need in needs if "arch" in need])
    assert proofs.share(table.ROWS["riscv64"]) == {"must": {}, "may": {"open": [3]}}
    monkeypatch.setenv("PYSYS_PROOFS", "all")
    assert proofs.wanted(arm, everything=False) == "all"
    monkeypatch.delenv("PYSYS_PROOFS")
    assert proofs.wanted(arm, everything=True) == "all"
    assert json.loads(proofs.wanted(arm, everything=False)) == proofs.share(arm)


def test_a_cause_has_one_index() -> None:
    """It is the same among those of the file, which a machine is given, and among those of the page."""
    for name, path in reference.files().items():
        written = [(one["errno"], "provoke" in one) for one in reference.read(path).get("errors", ())]
        assert written == [(one.errno, bool(one.provoke)) for one in provoke.own_causes(name)], name


@pytest.mark.parametrize("row", ALL.values(), ids=ALL)
def test_each_machine_can_be_made(row: table.Row) -> None:
    """A row's architecture has a compiler's target, its kernel an emulator, uname's word, a version."""
    assert row.architecture in table.TARGETS
    assert row.pythons
    if isinstance(row, table.Machine):
        assert row.kernel.architecture in table.EMULATORS.keys() & table.UNAMES.keys()
        assert row.kernel.suite in table.VERSIONS


def test_the_page_names_each_machine() -> None:
    """docs/machines.md lists all that there are."""
    text = (PROJECT / "docs/machines.md").read_text("utf-8")
    assert not [name for name in ALL if not re.search(rf"`(?:tox -e )?{name}`", text)]


def as_another(what: str, *paths: Path) -> None:
    """What another user of this machine does with these paths."""
    script = f"import os, sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); {what}"
    subprocess.run([sys.executable, "-I", "-c", script, *map(str, paths)], check=True)


def test_the_cache_is_made_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else may enter what is made; in a folder like /tmp, where names are safe, it may lie."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (tmp_path / "link").symlink_to(shared)
    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path / "link/one/two"))
    assert cache() == shared.resolve() / "one/two"
    assert [stat.S_IMODE((shared / name).stat().st_mode) for name in ("one", "one/two")] == [0o700] * 2
    assert cache() == shared.resolve() / "one/two"
    monkeypatch.delenv("PYSYS_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache() == tmp_path.resolve() / "home/.cache/pysys"


@pytest.mark.parametrize(
    ("path", "mode", "wrong"),
    [
        ("cache", 0o775, "may write to"),
        ("cache", 0o757, "may write to"),
        ("cache", 0o1777, "may write to"),
        ("", 0o777, "may write to"),
        ("", 0o775, "may write to"),
        ("cache/file", 0o644, "not a folder"),
    ],
)
def test_a_cache_that_others_may_change_is_refused(
    path: str, mode: int, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the folder that is open to them, and what to do; and so is a file in its place."""
    (tmp_path / "cache").mkdir(mode=0o700)
    (tmp_path / "cache/file").touch()
    (tmp_path / path).chmod(mode)
    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path / ("cache/file" if "file" in path else "cache")))
    with pytest.raises(Trouble, match=rf"{(tmp_path / path).resolve()} \S.*{wrong}.*PYSYS_CACHE"):
        cache()


@pytest.mark.skipif(os.geteuid() != 0, reason="another user's folder takes root to make")
@pytest.mark.parametrize("made_by_them", ["cache", "cache/below", "link"])
def test_a_cache_that_another_made_is_refused(made_by_them: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder itself, one that it lies in, or where a link of theirs leads."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        top.chmod(0o1777)
        place = top / made_by_them
        if made_by_them == "link":
            as_another("os.mkdir(sys.argv[1]); os.symlink(*sys.argv[1:])", top / "theirs", place)
        else:
            as_another("os.mkdir(sys.argv[1])", top / "cache")
        monkeypatch.setenv("PYSYS_CACHE", str(place))
        with pytest.raises(Trouble, match=r"user 65534's: set PYSYS_CACHE"):
            cache()


@pytest.mark.parametrize(
    "words",
    [["-c", "import native"], ["tools/soak.py", "--rounds", "1", "--calls", "fork"]],
    ids=["native", "soak"],
)
def test_what_is_compiled_is_out_of_others_reach(words: list[str], tmp_path: Path) -> None:
    """A library for tests and tools is built by each run, in a folder of a new name, and gone afterwards."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        pytest.skip("no C compiler")
    log, scratch = tmp_path / "log", tmp_path / "scratch"
    (tmp_path / "cc").write_text(f'#!/bin/sh\necho "$@" >>{log}\nexec {compiler} "$@"\n')
    (tmp_path / "cc").chmod(0o755)
    scratch.mkdir()
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TMPDIR": str(scratch)}
    environment = {**os.environ, **path, "PYTHONPATH": str(SUPPORT)}
    for name in ("PYSYS_NATIVE", "PYSYS_SCRATCH"):
        environment.pop(name, None)
    for _ in range(2):
        subprocess.run(
            [sys.executable, *words], cwd=PROJECT, env=environment, check=True, capture_output=True
        )
        assert not list(scratch.iterdir())
    folders = [Path(found).parent for found in re.findall(r"-o (\S+)", log.read_text())]
    assert len(folders) == len(set(folders)) == 2
    assert {folder.parent for folder in folders} == {scratch}


def test_no_file_has_a_name_that_others_can_know() -> None:
    """Where all may write, tempfile chooses the names."""
    for name in files():
        text = (PROJECT / name).read_text("utf-8")
        if name.suffix == ".py" and name.parts[0] != "src" and "gettempdir" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, (ast.BinOp, ast.JoinedStr)):
                    assert "gettempdir" not in ast.dump(node), f"{name}:{node.lineno}"


def test_the_archive_is_debians(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this machine's package sources, the one that Debian itself is; without one, what to do is said."""
    apt = tmp_path / "apt-get"
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("PYSYS_MIRROR", raising=False)
    others = ["http://one/apt/debian main Other", "http://two/debian-security main "]

    def sources(*lines: str) -> None:
        apt.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in (*others, *lines)))
        apt.chmod(0o755)

    sources()
    with pytest.raises(Trouble, match="PYSYS_MIRROR"):
        debian.mirror()
    sources("http://two/debian contrib Debian", "http://three/debian main Debian")
    assert debian.mirror() == "http://three/debian"
    sources("http://before/update/debian/ main ")
    assert debian.mirror() == "http://before/update/debian/"
    monkeypatch.setenv("PYSYS_MIRROR", "http://four")
    assert debian.mirror() == "http://four"


def deb(path: Path, files: dict[str, bytes], links: dict[str, str]) -> Path:
    """A Debian package with these files."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(text), 0o755
            archive.addfile(member, io.BytesIO(text))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    parts = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": data.getvalue()}
    with open(path, "wb") as file:
        file.write(b"!<arch>\n")
        for name, part in parts.items():
            file.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(part):<10}`\n".encode())
            file.write(part + b"\n" * (len(part) % 2))
    return path


def test_packages_are_unpacked_below_usr(tmp_path: Path) -> None:
    """Files of /bin and /lib come to lie below /usr, and absolute links stay within the folder."""
    package = deb(
        tmp_path / "one.deb", {"./bin/one": b"1", "./usr/share/two": b"2"}, {"./lib/three": "/bin/one"}
    )
    packages.unpack(package, tmp_path / "root")
    assert (tmp_path / "root/usr/bin/one").read_bytes() == b"1"
    assert (tmp_path / "root/usr/bin/one").stat().st_mode & 0o111
    assert (tmp_path / "root/usr/share/two").read_bytes() == b"2"
    assert (tmp_path / "root/usr/lib/three").resolve() == tmp_path / "root/usr/bin/one"
    with pytest.raises(ValueError, match=r"two.deb is not a .deb"):
        (tmp_path / "two.deb").write_bytes(b"nothing")
        packages.unpack(tmp_path / "two.deb", tmp_path)


def test_archives_are_unpacked(tmp_path: Path) -> None:
    """A tar archive's files come to lie in the folder, and no other, where Python can refuse that."""
    for name in ("one", "../two"):
        with tarfile.open(tmp_path / f"{name[-3:]}.tar", "w") as archive:
            member = tarfile.TarInfo(name)
            member.size = 4
            archive.addfile(member, io.BytesIO(b"text"))
    packages.untar(tmp_path / "one.tar", tmp_path / "folder")
    assert (tmp_path / "folder/one").read_bytes() == b"text"
    if hasattr(tarfile, "data_filter"):
        with pytest.raises(tarfile.FilterError):
            packages.untar(tmp_path / "two.tar", tmp_path / "folder")
        assert not (tmp_path / "two").exists()


def test_a_layer_holds_what_was_written(tmp_path: Path) -> None:
    """Names, modes and data of an archive are read back; folders are there before what lies in them, once."""
    with open(tmp_path / "layer", "wb") as file:
        writer = Writer(file)
        writer.file("a/b/c", b"text", 0o755)
        writer.file("a/b/d", b"")
        writer.link("a/e", "b/c")
        writer.device("dev/null", 1, 3)
        writer.close()
    found = [
        (name, stat.filemode(mode), data) for name, mode, _, data in qemu_user._entries(tmp_path / "layer")
    ]
    assert found == [
        ("a", "drwxr-xr-x", b""),
        ("a/b", "drwxr-xr-x", b""),
        ("a/b/c", "-rwxr-xr-x", b"text"),
        ("a/b/d", "-rw-r--r--", b""),
        ("a/e", "lrwxrwxrwx", b"b/c"),
        ("dev", "drwxr-xr-x", b""),
        ("dev/null", "crw-rw-rw-", b""),
    ]
    assert (tmp_path / "layer").stat().st_size % 4 == 0


def test_a_date_says_what_a_file_holds(tmp_path: Path) -> None:
    """Equal files have equal dates, others differ, all fit 32 bits; a date that is given is taken."""
    with open(tmp_path / "layer", "wb") as file:
        writer = Writer(file)
        for name, data in (("a", b"1"), ("b", b"1"), ("c", b"2")):
            writer.file(name, data)
        writer.file("d", b"1", date=0)
        writer.close()
    a, b, c, d = (date for _, _, date, _ in qemu_user._entries(tmp_path / "layer"))
    assert a == b != c
    assert all(0 < date < 1 << 31 for date in (a, b, c))
    assert d == 0


def test_what_was_compiled_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run compiled is in the next one's layer, dated 0; what came from there is not taken again."""
    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path / "cache"))
    row = table.ROWS["aarch64"]

    def layer() -> dict[str, bytes]:
        pyc_cache.layer(row, tmp_path / "layer")
        entries = [one for one in qemu_user._entries(tmp_path / "layer") if stat.S_ISREG(one[1])]
        assert {date for _, _, date, _ in entries} <= {0}
        return {name: data for name, _, _, data in entries}

    assert layer() == {}
    folder = tmp_path / "found/usr/lib/__pycache__"
    folder.mkdir(parents=True)
    for name, data in (("a.pyc", b"1"), ("b.pyc", b"2"), ("c.txt", b"3")):
        (folder / name).write_bytes(data)
    pyc_cache.keep(row, tmp_path / "found")
    assert layer() == {"usr/lib/__pycache__/a.pyc": b"1", "usr/lib/__pycache__/b.pyc": b"2"}
    (folder / "a.pyc").write_bytes(b"4")
    (folder / "b.pyc").write_bytes(b"5")
    os.utime(folder / "b.pyc", (0, 0))
    pyc_cache.keep(row, tmp_path / "found")
    assert layer() == {"usr/lib/__pycache__/a.pyc": b"4", "usr/lib/__pycache__/b.pyc": b"2"}


def test_modules_load_after_what_they_depend_on() -> None:
    """The order is that of `depends=` in the modules; what is part of the kernel is not a module."""
    modules = {
        "virtio_console": b"\0depends=virtio,virtio-ring\0",
        "virtio_ring": b"\0depends=\0",
        "virtio": b"\0depends=virtio_ring\0",
        "other": b"\0depends=\0",
    }
    assert image._needed(modules) == ["virtio_ring", "virtio", "virtio_console"]


def test_what_is_made_is_complete_or_not_there(tmp_path: Path) -> None:
    """A making that fails leaves nothing, one that succeeds is not repeated."""

    def fail(fresh: Path) -> None:
        (fresh / "half").touch()
        raise Trouble("the disk is full")

    with pytest.raises(Trouble, match="the disk is full"):
        made(tmp_path / "cache" / "one", "one", fail)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["one.lock"]
    made(tmp_path / "cache" / "one", "one", lambda fresh: (fresh / "whole").touch())
    made(tmp_path / "cache" / "one", "one", fail)
    assert (tmp_path / "cache" / "one" / "whole").exists()


@pytest.mark.parametrize(
    ("console", "ended", "what"),
    [
        ("[    1.0] Kernel panic - not syncing: No init", True, "the kernel panicked"),
        ("Initramfs unpacking failed: write error", True, "did not fit into the machine's memory"),
        ("waiting", False, "was not up after 7 seconds"),
        ("init: up\nwaiting", False, "still running after 7 seconds"),
        ("", True, "ended after 7 seconds without results"),
    ],
)
def test_trouble_is_named(console: str, ended: bool, what: str, tmp_path: Path) -> None:
    """What became of a machine without results is said, with its console's end and the emulator's words."""
    (tmp_path / "console").write_text("began\n" + "line\n" * 40 + console)
    said = boot._why(table.ROWS["aarch64"], tmp_path, ended, 7.0, "qemu: no such option")
    assert what in said
    assert console in said and "began" not in said
    assert said.endswith("qemu: no such option")


def test_a_panic_is_shown_from_its_beginning(tmp_path: Path) -> None:
    """Of a panic that many lines follow, it is the first ones that say what happened."""
    lines = [*(f"before {index}" for index in range(9)), "Kernel panic - not syncing: sysrq", *["?"] * 90]
    (tmp_path / "console").write_text("\n".join(lines))
    shown = boot._console(tmp_path / "console").splitlines()
    assert shown[:4] == ["before 6", "before 7", "before 8", "Kernel panic - not syncing: sysrq"]
    assert len(shown) == boot.LINES


HANGS = "mktemp hangs.XXXXXX; exec sleep 1000"
RESULTS = """
mkdir results.found
echo '{"status": 1, "kernel": "7.2", "seconds": 3, "full": []}' > results.found/machine.json
tar -C results.found -cf results .
echo 'init: up' > console
"""


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (HANGS, RESULTS, None),
        (HANGS, HANGS, "was not up after"),
        (f"echo Kernel panic > console\n{HANGS}", RESULTS, "the kernel panicked"),
        (f"echo init: up > console\n{HANGS}", RESULTS, "still running after"),
    ],
    ids=["once", "twice", "panic", "tests"],
)
def test_a_start_that_hangs_is_repeated_once(
    first: str, second: str, what: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that does not come up gets a second chance; one that panics or began tests does not."""

    def emulator(row: table.Machine, work: Path, shell: bool) -> list[str]:
        script = f"cd {work}; if mkdir first 2>&-; then\n{first}\nelse\n{second}\nfi"
        return ["sh", "-c", script]

    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path))
    monkeypatch.setenv("PYSYS_QEMU", "/usr/bin")
    monkeypatch.setattr(boot, "_initrd", lambda *_: None)
    monkeypatch.setattr(boot, "_command", emulator)
    clock = time.monotonic
    # An hour goes by when the emulator hangs.
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 3600 * len(list(tmp_path.glob("run-*/hangs.*"))))
    if what is None:
        found = boot.run(table.ROWS["aarch64"], "3.13", [], {}, 1000)
        assert (found.status, found.kernel, found.tests) == (1, "7.2", 3)
    else:
        with pytest.raises(Trouble, match=what):
            boot.run(table.ROWS["aarch64"], "3.13", [], {}, 1000)
    assert not list(tmp_path.glob("run-*"))


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results that this machine's full disk has lost are explained."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    assert "no space is left on the disk" in boot._why(table.ROWS["aarch64"], tmp_path, True, 7.0, "")


def test_the_report_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has a row for each run that is kept, and the reasons for which tests were skipped."""
    monkeypatch.setattr(report, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(report, "PAGE", tmp_path / "docs" / "machines.md")
    monkeypatch.setattr(report, "PROJECT", tmp_path)
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / ".coverage.1").touch()
    (folder / "junit.xml").write_text(
        '<testsuites><testsuite><testcase><properties><property name="examples" value="1"/></properties>'
        '</testcase><testcase><properties><property name="causes" value="7"/><property name="x" value="y"/>'
        "</properties></testcase><testcase><failure/></testcase>"
        '<testcase><skipped message="needs root"/></testcase></testsuite></testsuites>'
    )
    monkeypatch.setattr(report, "RECORD", tmp_path / "docs" / "machines.json")
    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path / "cache"))
    result = report.Result("s390x", "3.11", "6.1.0", "qemu", 1, 12.4, 20.6, str(folder), "abc+")
    assert report.line(result) == (
        "s390x, Linux 6.1.0, Python 3.11: 2 passed, 1 skipped, 1 failed in 12 s (21 s in all)"
    )
    report.keep(result)
    assert (tmp_path / ".coverage.1.s390x-py3.11").exists()
    assert json.loads((tmp_path / "kept/s390x-py3.11/result.json").read_text()) == asdict(result)
    report.record(result)
    row = "| s390x | IBM Z, big-endian | 6.1.0 | 3.11 | qemu | 2 | 1 | 1 | 12 | 21 | abc+ |\n"
    assert row in report.PAGE.read_text()
    (recorded,) = json.loads(report.RECORD.read_text()).values()
    assert recorded["proofs"] == {"examples": 1, "causes": 7}
    assert "## s390x, Python 3.11\n\n- 1: needs root\n" in report.PAGE.read_text()
    report.record(replace(result, machine="aarch64", python="3.13"))
    assert row in report.PAGE.read_text(), "what other runs found stays"
    assert "| aarch64 | 64-bit ARM |" in report.PAGE.read_text()


def test_the_page_is_what_is_recorded() -> None:
    """docs/machines.md is made from docs/machines.json, and names machines that there are."""
    known = json.loads(report.RECORD.read_text())
    assert report.PAGE.read_text() == report.page(known)
    assert set(known) <= {f"{row.name}-py{python}" for row in ALL.values() for python in row.pythons}


@pytest.mark.parametrize(
    ("words", "status", "recorded"),
    [([], 0, True), (["-q"], 1, True), (["-k", "fork"], 0, False), ([], 2, False), ([], 137, False)],
)
def test_complete_runs_alone_are_recorded(
    words: list[str],
    status: int,
    recorded: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A part of the tests, or a pytest that did not get to its end, is said to be none."""
    seen: list[str] = []
    result = report.Result("aarch64", "3.13", "6.12", "qemu", status, 1, 2, "", "abc")
    monkeypatch.setattr(boot, "run", lambda *_: result)
    monkeypatch.setattr(report, "line", lambda _: "")
    monkeypatch.setattr(report, "keep", lambda _, complete: seen.append(f"kept {complete}"))
    monkeypatch.setattr(report, "record", lambda _: seen.append("recorded"))
    monkeypatch.setattr(sys, "argv", ["machines", "aarch64", "--record", *words])
    assert command.main() == status
    assert seen == [f"kept {recorded}", *["recorded"] * recorded]
    assert ("not recorded" in capsys.readouterr().err) == (not recorded)
    monkeypatch.setattr(sys, "argv", ["machines", "aarch64", "--record", "--all"])
    with pytest.raises(Trouble, match="not with --all"):
        command.main()


def test_a_tour_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes back from a machine that ran no tests is not kept."""
    (tmp_path / "results").mkdir()
    result = report.Result("aarch64", "3.13", "6.12", "qemu", 0, 1, 2, str(tmp_path / "results"), "abc")
    monkeypatch.setattr(boot, "run", lambda *_: result)
    monkeypatch.setattr(sys, "argv", ["machines", "aarch64", "--tour"])
    assert command.main() == 0
    assert not list(tmp_path.iterdir())


def test_a_shell_needs_nothing_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its machine is set up as that of the tests is, also where there is no cache yet."""
    made: list[dict[str, Any]] = []
    monkeypatch.setenv("PYSYS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYSYS_QEMU", "/usr/bin")
    monkeypatch.setattr(boot, "_initrd", lambda row, python, wanted, target: made.append(wanted))
    monkeypatch.setattr(boot, "_command", lambda *_, shell: ["sh", "-c", "exit 5"])
    monkeypatch.setattr(sys, "argv", ["machines", "aarch64", "--shell"])
    assert command.main() == 5
    (wanted,) = made
    assert wanted["environment"].keys() > {"PYSYS_NATIVE", "PYSYS_PATIENCE", "PYSYS_ROUNDS", "TERM"}
    assert wanted["shell"]


def test_arguments_go_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options of the command are its own, and what it does not know is pytest's."""
    seen: list[list[str]] = []

    def run(row: table.Machine, python: str, words: list[str], *_: object) -> report.Result:
        seen.append(words)
        return report.Result(row.name, python, "", "", 5, 0, 0, "", "")

    monkeypatch.setattr(boot, "run", run)
    monkeypatch.setattr(report, "line", lambda _: "")
    monkeypatch.setattr(report, "keep", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["machines", "aarch64", "-k", "fork", "-x", "tests"])
    assert command.main() == 5
    assert seen[0][0] == "python3.13"
    assert seen[0][-4:] == ["-k", "fork", "-x", "tests"]
    assert command.SELECTION in seen[0]
    monkeypatch.setattr(sys, "argv", ["machines", "aarch64", "--python", "3.12"])
    with pytest.raises(Trouble, match=r"aarch64 has Python 3.13, not 3.12"):
        command.main()


def test_cases_are_divided_where_all_tests_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among the machines of CI alone, and not where tests are named or the run is recorded."""
    seen: list[str | None] = []

    def run(row: table.Row, python: str, words: list[str], environment: dict[str, str], *_: object) -> object:
        seen.append(environment.get("PYSYS_SHARE"))
        return report.Result(row.name, python, "", "", 5, 0, 0, "", "")

    monkeypatch.delenv("PYSYS_PROOFS", raising=False)
    monkeypatch.setattr(boot, "run", run)
    monkeypatch.setattr(report, "line", lambda _: "")
    monkeypatch.setattr(report, "keep", lambda *_: None)
    for words in (
        *([name] for name in table.SHARED),
        *(["s390x", *more] for more in (["-v"], ["tests"], ["--all"], ["--record"])),
        ["riscv64"],
    ):
        monkeypatch.setattr(sys, "argv", ["machines", *words])
        assert command.main() == 5
    assert seen == ["0/8", "1/8", "2/8", "3/8", "3/8", None, None, None, None]


@pytest.mark.parametrize(("here", "at_once", "has"), [(1, 1, 2), (2, 1, 2), (4, 2, 2), (6, 3, 3), (64, 4, 4)])
def test_many_tests_at_once(here: int, at_once: int, has: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tests run at once as half of the processors here, on a machine that has as many."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(here)))
    row = table.ROWS["aarch64"]
    assert (boot.workers(row), boot._processors(row)) == (at_once, has)
    row = table.ROWS["mips64el"]
    assert (boot.workers(row), boot._processors(row)) == (1, 1)
    assert boot.workers(table.USER["aarch64-user"]) == max(here // 2, 1)
    words = command.pytest_command("3.13", at_once, False, False, ["-n", "0"])
    assert (f"--numprocesses={at_once}" in words) == (at_once > 1)
    assert words[-2:] == ["-n", "0"]


def test_the_group_of_the_tool_is_enough() -> None:
    """What tox installs for the tool is named by the project."""
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text())["dependency-groups"]
    assert tox()["machine"]["dependency_groups"] == "machines"
    assert any(one.startswith("ziglang") for one in groups["machines"])
