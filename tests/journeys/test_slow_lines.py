"""Many who send a byte at a time are no outage."""

import socket
from contextlib import ExitStack

import pytest

from tests.running import POST, Visitor

pytestmark = pytest.mark.xdist_group("running")


def test_readers_do_not_wait_for_those_who_send_slowly(prepared_site, tmp_path):
    site = prepared_site.copy(tmp_path / "site")
    head = f"POST {POST}comment/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nContent-Length: 1000\r\n\r\na="
    with site.serving(), ExitStack() as lines:
        for _ in range(60):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            line.sendall(head.encode())
        statuses = {site.get(f"/nothing-{number}/").status for number in range(10)}
        assert statuses == {404}
        lines.close()
        assert Visitor(site).says("And afterwards all is as before.").status == 302
