"""AF_PACKET: of what passes the loopback of a new network namespace, receive only packets of more than 1,000
bytes, which a program of classic BPF chooses in the kernel. It needs user namespaces, or root."""

import socket

from pysys import calls, flags, ioctls
from pysys.structures import ifreq, sock_filter, sock_fprog

calls.unshare(flags.CLONE_NEWNET | (0 if calls.geteuid() == 0 else flags.CLONE_NEWUSER))
limit = 1000
steps = [
    sock_filter(code=flags.BPF_LD | flags.BPF_W | flags.BPF_LEN),
    sock_filter(code=flags.BPF_JMP | flags.BPF_JGT | flags.BPF_K, jt=0, jf=1, k=limit),
    sock_filter(code=flags.BPF_RET, k=limit * limit),  # that much of it
    sock_filter(code=flags.BPF_RET, k=0),  # nothing
]
program = sock_fprog(len=len(steps), filter=sock_filter.array(steps))
kind = socket.SOCK_DGRAM
with socket.socket(socket.AF_PACKET, kind) as packets, socket.socket(type=kind) as udp:
    packets.setsockopt(flags.SOL_SOCKET, flags.SO_ATTACH_FILTER, bytes(program))
    calls.ioctl(udp, ioctls.SIOCSIFFLAGS, ifreq(ifr_name=b"lo", ifr_flags=flags.IFF_UP))
    packets.bind(("lo", flags.ETH_P_IP))
    udp.bind(("127.0.0.1", 0))
    for size in (1, limit):
        udp.sendto(bytes(size), udp.getsockname())
    packet, address = packets.recvfrom(limit * limit)
    print("received", len(packet), "bytes from", address[0])
