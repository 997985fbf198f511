"""Which addresses of the internet may be reached: none of the network that SparkOps runs in."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
# Addresses that carry an IPv4 address inside, which may be private: NAT64, 6to4 and Teredo.
_WRAPPING = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only spells it."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Whether an address lies outside of every private network, whatever way it is written."""
    address = unwrapped(address)
    if any(address in network for network in _WRAPPING if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def addresses_of(host: str, port: int) -> list[Address]:
    """Every address that a name has now, the preferred one first. Raises OSError for none."""
    return [
        ip_address(str(one[4][0]).partition("%")[0])
        for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
