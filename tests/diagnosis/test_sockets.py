"""Diagnoses of calls on sockets: each cause is made, and then one that looks alike. Only loopback is used."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest
from diagnosed import NOBODY, become, failed, proves, proves_nothing
from isolated import filter_calls, folder, in_child, need_root

from pysys import calls, diagnose, numbers, structures
from pysys.diagnosis.failures import Verdict
from pysys.flags import CloneFlags

pytestmark = pytest.mark.isolated
HOST = "127.0.0.1"


def listener(host: str = HOST, family: int = socket.AF_INET) -> socket.socket:
    made = socket.socket(family)
    made.bind((host, 0))
    made.listen()
    return made


def own_network() -> None:
    """A network namespace without anything in it, as the user namespace's own."""
    try:
        calls.unshare(CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWNET)
    except OSError as error:
        pytest.skip(f"no network namespace: {error}")


# ---- bind ----


def test_a_port_that_is_taken() -> None:
    """The process that listens is named; a closed socket and another address are not taken for it."""
    with listener() as held, socket.socket() as own:
        where = held.getsockname()
        found = failed("bind", own, where)
        proves(found, f"{HOST}:{where[1]} is taken", str(os.getpid()), "LISTEN")
        proves(diagnose("bind", "EADDRINUSE", own, ("", where[1])), f"listens at {HOST}")
        proves(
            diagnose("bind", "EADDRINUSE", own, structures.addresses.pack(socket.AF_INET, where)[0]),
            "is taken",
        )
        proves_nothing(
            diagnose("bind", "EADDRINUSE", own, ("127.0.0.2", where[1])), "No socket that is shown"
        )
        proves_nothing(diagnose("bind", "EADDRINUSE", held, where), "No socket that is shown")  # but itself
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        proves(failed("bind", own, where), "is taken")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # then the other's option decides
        found = failed("bind", own, where)
        assert found[0].verdict is Verdict.FITS, str(found)
        held.close()
        proves_nothing(diagnose("bind", "EADDRINUSE", own, where), "No socket that is shown")


def test_remaining_connections() -> None:
    """What an earlier server has left only fits, and SO_REUSEADDR is recommended."""
    with listener() as held:
        where = held.getsockname()
        with socket.create_connection(where), held.accept()[0] as taken:
            held.close()
            with socket.socket() as own:
                found = failed("bind", own, where)
                assert found[0].verdict is Verdict.FITS and "ESTABLISHED" in found[0].sentence, str(found)
                assert "SO_REUSEADDR" in found[0].advice
            taken.close()


def test_datagrams_and_ipv6() -> None:
    """The tables of UDP and of IPv6 are read as well, and an address of IPv4 that IPv6 wraps is one."""
    with socket.socket(type=socket.SOCK_DGRAM) as held, socket.socket(type=socket.SOCK_DGRAM) as own:
        held.bind((HOST, 0))
        where = held.getsockname()
        proves(failed("bind", own, where), "is taken", str(os.getpid()), "udp")
        with socket.socket() as other:
            proves_nothing(diagnose("bind", "EADDRINUSE", other, where))  # the same port of TCP
    try:
        held = listener("::1", socket.AF_INET6)
    except OSError as error:
        pytest.skip(f"no IPv6: {error}")
    with listener(f"::ffff:{HOST}", socket.AF_INET6) as wrapped, socket.socket() as own:
        proves(failed("bind", own, (HOST, wrapped.getsockname()[1])), f"listens at {HOST}")
    with held, socket.socket(socket.AF_INET6) as own:
        port = held.getsockname()[1]
        proves(failed("bind", own, ("::1", port)), f"[::1]:{port} is taken")
        proves_nothing(diagnose("bind", "EADDRINUSE", own, (f"::ffff:{HOST}", port)))
        proves(diagnose("bind", "EADDRNOTAVAIL", own, ("2001:db8::1", port)), "[2001:db8::1]")
        proves_nothing(diagnose("bind", "EADDRNOTAVAIL", own, ("::1", port)), "has the address")


def test_addresses() -> None:
    """An address that no interface has, and one that an interface has."""
    with socket.socket() as own:
        proves(failed("bind", own, ("192.0.2.77", 0)), "No interface", "192.0.2.77")
        proves_nothing(diagnose("bind", "EADDRNOTAVAIL", own, ("127.9.9.9", 0)), "has the address")
        own.setsockopt(socket.SOL_IP, 15, 1)  # IP_FREEBIND
        proves_nothing(diagnose("bind", "EADDRNOTAVAIL", own, ("192.0.2.77", 0)))
        own.bind((HOST, 0))
        proves(failed("bind", own, (HOST, 0)), "has an address already")
    with socket.socket() as own:
        proves_nothing(diagnose("bind", "EINVAL", own, (HOST, 0)), "has no address yet")


def test_low_ports() -> None:
    """A port below the setting without the capability; with it; a port above it."""
    need_root()
    start = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    if start < 2:
        pytest.skip("any process may bind to any port here")

    def look() -> None:
        with socket.socket() as own:
            proves_nothing(diagnose("bind", "EACCES", own, (HOST, 1)), "CAP_NET_BIND_SERVICE is there")
            become()
            proves(failed("bind", own, (HOST, 1)), "Port 1 is below", "CAP_NET_BIND_SERVICE")
            proves_nothing(diagnose("bind", "EACCES", own, (HOST, 60000)), "Any process may bind")
            calls.unshare(CloneFlags.CLONE_NEWUSER)  # it has all capabilities, over nothing
            proves(failed("bind", own, (HOST, 1)), "Port 1 is below")
            assert "its owner is not this user namespace or below" in failed("bind", own, (HOST, 1))[0].read

    in_child(os.fork, look)


# ---- AF_UNIX ----


def test_files_of_sockets() -> None:
    """A file that is there, one without a listener, one that is something else, and modes."""
    with folder() as place:
        path = f"{place}/socket"
        with socket.socket(socket.AF_UNIX) as held, socket.socket(socket.AF_UNIX) as own:
            held.bind(path)
            proves(failed("bind", own, path), f"{path} is there already")
            proves(failed("connect", own, path), f"{path} is a socket's file, but nobody listens")
            proves(failed("bind", own, f"{place}/none/x"), f"{place}/none")
            proves(failed("connect", own, f"{place}/none"), "is not there")
            held.listen()
            proves_nothing(diagnose("connect", "ECONNREFUSED", own, path), "a socket of that name does")
            assert not diagnose("bind", "EADDRINUSE", own, f"{place}/other").proven
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
                proves(failed("connect", other, path), "is of SOCK_STREAM, this one of SOCK_SEQPACKET")
            proves_nothing(diagnose("connect", "EPROTOTYPE", own, path))
        (place / "file").write_text("")
        with socket.socket(socket.AF_UNIX) as own:
            proves(failed("connect", own, f"{place}/file"), f"{place}/file is not a socket")
            proves(failed("connect", own, path), "nobody listens")
            proves(failed("connect", own, "\0pysys-nobody"), "@pysys-nobody")
        with socket.socket(socket.AF_UNIX) as held, socket.socket(socket.AF_UNIX) as own:
            name = f"\0pysys-{os.getpid()}"
            held.bind(name)
            proves(failed("connect", own, name), "Nobody listens")
            proves(failed("bind", own, name), "is taken", str(os.getpid()))
            held.listen(0)
            proves_nothing(diagnose("connect", "ECONNREFUSED", own, name), "listens now")
            own.connect(name)
            with socket.socket(socket.AF_UNIX) as other:
                other.setblocking(False)
                assert failed("connect", other, name).errno == "EAGAIN"


def test_modes_of_sockets() -> None:
    """Whose mode refuses: the directory's for bind, the socket's for connect."""
    need_root()
    with folder() as place, socket.socket(socket.AF_UNIX) as held:
        path = f"{place}/socket"
        held.bind(path)
        held.listen()
        os.chmod(path, 0o600)

        def look() -> None:
            become(NOBODY)
            with socket.socket(socket.AF_UNIX) as own:
                proves(failed("connect", own, path), f"{path} may not be written")
                proves(failed("bind", own, f"{place}/new"), f"{place} may not be written")

        in_child(os.fork, look)
        with socket.socket(socket.AF_UNIX) as own:
            assert not diagnose("connect", "EACCES", own, path).proven


# ---- connect ----


def test_nobody_listens() -> None:
    """A port without a listener, one that has one, and another host."""
    with listener() as held, socket.socket() as own:
        port = held.getsockname()[1]
        proves_nothing(diagnose("connect", "ECONNREFUSED", own, (HOST, port)), "There is a listener")
        proves_nothing(diagnose("connect", "ECONNREFUSED", own, ("192.0.2.77", port)), "another host")
        held.close()
        proves(failed("connect", own, (HOST, port)), f"Nobody listens at {HOST}:{port}")
    with socket.socket(type=socket.SOCK_DGRAM) as own:
        found = failed("connect", own, ("255.255.255.255", 9))
        if found.errno == "EACCES":  # and not ENETUNREACH, on a machine without a network
            proves(found, "SO_BROADCAST")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        proves_nothing(diagnose("connect", "EACCES", own, ("255.255.255.255", 9)), "has the option")


def test_an_empty_network() -> None:
    """A network namespace without an address."""

    def look() -> None:
        own_network()
        with socket.socket() as own:
            proves(failed("connect", own, (HOST, 9)), "not even its loopback interface")

    in_child(os.fork, look)
    with socket.socket() as own:
        found = diagnose("connect", "ENETUNREACH", own, (HOST, 9))
        proves_nothing(found, "no route")


# ---- socket, and what should be one ----


def test_raw_sockets() -> None:
    """Without the capability, with it in the wrong namespace, with it in the right one."""
    need_root()
    raw = (socket.AF_INET, socket.SOCK_RAW, 1)
    proves_nothing(diagnose("socket", "EPERM", *raw), "CAP_NET_RAW is there")

    def look() -> None:
        become()
        proves(failed("socket", *raw), "CAP_NET_RAW")
        proves(failed("socket", socket.AF_PACKET, socket.SOCK_DGRAM, 0), "CAP_NET_RAW")
        proves_nothing(diagnose("socket", "EPERM", socket.AF_INET, socket.SOCK_STREAM, 0))
        calls.unshare(CloneFlags.CLONE_NEWUSER)
        proves(failed("socket", *raw), "CAP_NET_RAW")
        calls.unshare(CloneFlags.CLONE_NEWNET)
        os.close(calls.socket(*raw))
        proves_nothing(diagnose("socket", "EPERM", *raw), "its owner is not above")

    in_child(os.fork, look)


def test_pings() -> None:
    """The range of groups that may make a socket for pings, also where its groups cannot be seen."""
    need_root()
    setting = Path("/proc/sys/net/ipv4/ping_group_range")
    ping = (socket.AF_INET, socket.SOCK_DGRAM, 1)

    def look() -> None:
        calls.unshare(CloneFlags.CLONE_NEWNET)
        setting.write_text("1 0")
        proves(failed("socket", *ping), "lets groups from 1 to 0")
        setting.write_text("0 0")
        os.close(calls.socket(*ping))
        proves_nothing(diagnose("socket", "EACCES", *ping), "lets group 0")

    def unseen() -> None:
        own_network()
        found = failed("socket", *ping)
        assert not found.proven
        verdicts = [one.verdict for one in found if "lets group" in one.sentence]
        assert verdicts == [Verdict.UNKNOWN], str(found)

    in_child(os.fork, look)
    in_child(os.fork, unseen)


def test_families() -> None:
    """One that the kernel does not have, and a filter that refuses one which it has."""
    proves(failed("socket", 250, socket.SOCK_STREAM, 0), "There are no sockets of 250")
    proves_nothing(diagnose("socket", "EAFNOSUPPORT", socket.AF_INET, 1, 0), "The kernel has sockets")

    def look() -> None:
        filter_calls([numbers.number("socket")], errno.EAFNOSUPPORT, socket.AF_INET)
        proves_nothing(failed("socket", socket.AF_INET, socket.SOCK_STREAM, 0), "RestrictAddressFamilies")

    in_child(os.fork, look)


def test_other_descriptors() -> None:
    """A descriptor that is not a socket, one that does not listen, one without connections."""
    with open("/dev/null") as file:
        proves(failed("listen", file, 1), "is not a socket")
    with socket.socket() as own:
        proves(failed("accept4", own), "does not listen")
        assert not diagnose("accept4", "ENOTSOCK", own).proven
    with listener() as held:
        proves_nothing(diagnose("accept4", "EINVAL", held), "listens")
    with socket.socket(type=socket.SOCK_DGRAM) as own:
        proves(failed("listen", own, 1), "without connections")
    with socket.socket() as own:
        proves_nothing(diagnose("listen", "EOPNOTSUPP", own, 1), "with connections")
