"""rtnetlink: the network interfaces of this namespace, as `ip link` lists them. It needs no privileges."""

import socket

from pysys import flags
from pysys.structures import ifinfomsg, nlmsghdr, rtattr

request = nlmsghdr(nlmsg_type=flags.RTM_GETLINK, nlmsg_flags=flags.NLM_F_REQUEST | flags.NLM_F_DUMP)
request.nlmsg_len = request.nbytes + ifinfomsg.nbytes
header = nlmsghdr()
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, flags.NETLINK_ROUTE) as route:
    route.send(bytes(request) + bytes(ifinfomsg()))
    while header.nlmsg_type != flags.NLMSG_DONE:
        data = route.recv(route.getsockopt(flags.SOL_SOCKET, flags.SO_RCVBUF))
        while data:
            header = nlmsghdr.from_bytes(data)
            message = data[header.nbytes : header.nlmsg_len]
            data = data[header.nlmsg_len + -header.nlmsg_len % rtattr.nbytes :]  # with what fills it up
            rest = message[ifinfomsg.nbytes :] if header.nlmsg_type == flags.RTM_NEWLINK else b""
            while rest:
                field = rtattr.from_bytes(rest)
                if field.rta_type == flags.IFLA_IFNAME:
                    name = rest[field.nbytes : field.rta_len - 1].decode()
                    print(ifinfomsg.from_bytes(message).ifi_index, name)
                rest = rest[field.rta_len + -field.rta_len % rtattr.nbytes :]
