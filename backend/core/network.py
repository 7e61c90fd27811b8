"""The network a request came from, as a keyed digest: only the chat's door asks for it.

Nobody else in the house reads an address, and none is stored or logged.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from flask import request

from backend.core import crypto

#: A household or an office has one of these in IPv6, and as many addresses in it as it likes.
_IPV6_PREFIX = 64


def digest(proxy_hops: int) -> str:
    """A digest of the caller's network, or "" where it is not known.

    `proxy_hops` is how many proxies of ours a request passes; each appends whom it heard it from
    to X-Forwarded-For. Only their entries are believed, counted from the end: whatever stands
    before them was written by the caller.
    """
    found = _address(proxy_hops)
    if found is None or (proxy_hops == 0 and found.is_loopback):
        return ""  # behind a proxy nobody told us of, everybody would be one
    return crypto.blind_index("network", _network(found))


def _address(proxy_hops: int) -> IPv4Address | IPv6Address | None:
    told = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    is_told = proxy_hops > 0 and len(told) >= proxy_hops
    try:
        found = ip_address(told[-proxy_hops].strip() if is_told else request.remote_addr or "")
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _network(found: IPv4Address | IPv6Address) -> str:
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Network((int(found), _IPV6_PREFIX), strict=False))
