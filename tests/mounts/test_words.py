"""The words of pysys.mounts: what they show, and what they refuse."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from pysys import mounts, spawn

pytestmark = pytest.mark.portable

SHOWN: tuple[tuple[Callable[[], mounts.MountEntry], str], ...] = (
    (lambda: mounts.bind("/usr"), "mounts.bind(source='/usr', target='/usr')"),
    (
        lambda: mounts.bind(b"/usr", "/u", "ro", recursive=False, optional=True),
        "mounts.bind(source=b'/usr', target='/u', attributes='ro', recursive=False, optional=True)",
    ),
    (
        lambda: mounts.tmpfs("/tmp", size="1m", mode=0o1777),
        "mounts.tmpfs(target='/tmp', size='1m', mode=0o1777)",
    ),
    (lambda: mounts.proc(subset="pid"), "mounts.proc(target='/proc', subset='pid')"),
    (mounts.devices, "mounts.devices(target='/dev')"),
    (
        lambda: mounts.overlay("/o", ["/a", "/b"], "/u", "/w"),
        "mounts.overlay(target='/o', lower=['/a', '/b'], upper='/u', work='/w')",
    ),
    (lambda: mounts.directory("/d", 0o700), "mounts.directory(target='/d', mode=0o700)"),
    (lambda: mounts.file("/f", "text"), "mounts.file(target='/f', contents='text')"),
    (lambda: mounts.symlink("usr/bin", "/bin"), "mounts.symlink(to='usr/bin', target='/bin')"),
    (lambda: mounts.attributes("/d", "ro"), "mounts.attributes(target='/d', words='ro')"),
    (lambda: mounts.propagation("slave"), "mounts.propagation(kind='slave', target='/')"),
    (
        lambda: mounts.filesystem("ext4", "/x", source="/dev/x", discard=True),
        "mounts.filesystem(type='ext4', target='/x', source='/dev/x', discard=True)",
    ),
)


@pytest.mark.parametrize(("make", "shown"), SHOWN, ids=[shown for _, shown in SHOWN])
def test_an_entry_shows_how_it_was_made(make: Callable[[], mounts.MountEntry], shown: str) -> None:
    entry = make()
    assert repr(entry) == shown
    assert eval(shown) == entry  # of this file
    assert pickle.loads(pickle.dumps(entry)) == entry
    assert entry != mounts.tmpfs("/elsewhere")
    with pytest.raises(AttributeError):
        entry.target = "/other"


REFUSED: tuple[tuple[Callable[[], Any], type[Exception], str], ...] = (
    (lambda: mounts.bind("/usr", "/a/../b"), ValueError, "has no .."),
    (lambda: mounts.bind(3), TypeError, "a descriptor needs a target"),
    (lambda: mounts.bind(3.5, "/x"), TypeError, "bind: source"),  # type: ignore[arg-type]  # the point
    (lambda: mounts.bind("/usr", attributes="or"), ValueError, "there is no 'or'"),
    (lambda: mounts.bind("/usr", attributes="ro rw"), ValueError, "contradicts"),
    (lambda: mounts.bind("/usr\0"), ValueError, "null byte"),
    (lambda: mounts.tmpfs("/tmp", mode=0o10000), OverflowError, "tmpfs: mode"),
    (lambda: mounts.tmpfs("/tmp", size="1" * 256), ValueError, "at most 255 bytes"),
    (lambda: mounts.overlay("/o", []), ValueError, "lower is empty"),
    (lambda: mounts.overlay("/o", ["/a"], "/u"), ValueError, "go together"),
    (lambda: mounts.file("/"), ValueError, "/ exists"),
    (lambda: mounts.file("/f", 5), TypeError, "contents"),  # type: ignore[arg-type]  # the point
    (lambda: mounts.symlink("a", "/"), ValueError, "/ exists"),
    (lambda: mounts.propagation("slav"), ValueError, "slave"),
    (lambda: spawn(["x"], mounts=["/usr"]), TypeError, "mounts\\[0\\] must be a MountEntry"),  # type: ignore[list-item]  # the point
    (lambda: spawn(["x"], mounts=[mounts.tmpfs("/")]), ValueError, "the place of root="),
    (lambda: spawn(["x"], root=mounts.symlink("a", "/b")), TypeError, "root must be"),
    (lambda: spawn(["x"], root=5), TypeError, "root must be"),  # type: ignore[arg-type]  # the point
    (lambda: spawn(["x"], root=mounts.bind("/", optional=True)), ValueError, "optional"),
    (lambda: spawn(["x"], root=mounts.bind(3, "/")), ValueError, "descriptor"),
    (lambda: mounts.apply([], root="/", namespace=False), ValueError, "namespace of its own"),
)


@pytest.mark.parametrize(("call", "kind", "text"), REFUSED, ids=[text for _, _, text in REFUSED])
def test_what_is_refused_before_the_kernel_is_asked(
    call: Callable[[], Any], kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind, match=text):
        call()
