"""Network addresses as they are kept: as a keyed hash alone."""

import ipaddress
import re

from django.utils.crypto import salted_hmac

_HASH = re.compile("[0-9a-f]{32}")


def address_hash(address):
    """A keyed hash of the address; of an IPv6 address its /64, for that is what one person has."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    network = ipaddress.ip_network((ip, 64), strict=False) if ip.version == 6 else ip
    return salted_hmac("comments.address", str(network), algorithm="sha256").hexdigest()[:32]


def looks_like_a_hash(value):
    return bool(_HASH.fullmatch(value))
