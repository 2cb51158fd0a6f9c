"""Hosts of the lab and what joins them: every wire carries, a setting is one host's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from finrst.capture import facts, lab
from finrst.capture.lab import Lab

from ...laboratory import Laboratory


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("wire", lab.WIRES)
def test_a_connection_passes_every_wire_and_is_recorded_once_at_each_end(
    laboratory: Laboratory, tmp_path: Path, wire: lab.Wired, family: Any
) -> None:
    def work(one: Lab) -> Any:
        client, server = one.pair()
        client.write(b"hello\n")
        server.read()
        client.close()
        one.until_fin_acked(client)
        server.close()
        one.until_fin_acked(server)
        one.until_quiet()
        assert (client.local or "").startswith(("10.9.0.1:", "[fd00:9::1]:"))
        return [[str(segment) for segment in one.packets_at(host)] for host in ("client", "server")]

    (client, server), _ = laboratory(work, wire, family)
    assert client == server
    assert len(client) in (9, 8)  # the ACK of the data may ride on that of the FIN
    assert (tmp_path / "server.pcapng").exists() == (wire != "loopback")


def test_a_setting_is_one_hosts_only(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        one.sysctl("server", "net.ipv4.tcp_fin_timeout", 7)
        came = []
        for host in ("client", "server"):
            with one.at(host):
                came.append(int(Path("/proc/sys/net/ipv4/tcp_fin_timeout").read_text()))
        return came

    came, found = laboratory(work, "veth")
    assert came == [60, 7]
    assert "server: sysctl net.ipv4.tcp_fin_timeout = 7" in [
        fact.text for fact in found if isinstance(fact, facts.Step)
    ]


def test_a_third_host_stands_between(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        server, proxy, client = one.process("server"), one.process("proxy"), one.process("client")
        inner, outer = server.listen(9000), proxy.listen(8000)
        near = client.connect(outer)
        proxy.accept(outer)
        far = proxy.connect(inner)
        server.accept(inner)
        return (near.local or "").rpartition(":")[0], near.remote, (far.local or "").rpartition(":")[0], far.remote

    assert laboratory(work)[0] == ["10.9.0.1", "10.9.0.3:8000", "10.9.0.3", "10.9.0.2:9000"]
    assert laboratory(work, family=6)[0] == ["[fd00:9::1]", "[fd00:9::3]:8000", "[fd00:9::3]", "[fd00:9::2]:9000"]
