"""Steps that many scenarios share: each says what two ends do, and waits until it is done."""

from __future__ import annotations

from typing import Any

from ..lab import Lab, Socket


def say(sender: Socket, receiver: Socket, data: bytes = b"hello\n") -> None:
    """The sender writes, the receiver reads, and its kernel acknowledges the data."""
    sender.write(data)
    receiver.read()
    sender.process.lab.until_acked(sender)


def ask(client: Socket, server: Socket, answer: bytes) -> None:
    """A request and its answer, both read."""
    client.write(b"request\n")
    server.read()
    say(server, client, answer)


def both_close(first: Socket, second: Socket, *, read: bool = True) -> None:
    """The close in four segments: the first end closes; the second one reads the end of file (or not), and closes."""
    lab = first.process.lab
    first.close()
    if read:
        second.read()
    lab.until_fin_acked(first)  # its own segment: the second end's FIN would carry it
    second.close()
    lab.until_fin_acked(second)


def say_and_leave(client: Socket, server: Socket) -> None:
    """The client writes 6 bytes, closes and exits; the server reads them, and its kernel acknowledges the FIN."""
    client.write(b"hello\n")
    server.read()
    client.close()
    client.process.exit()
    client.process.lab.until_fin_acked(client)


def write_in_vain(server: Socket, client: Socket) -> None:
    """The server writes 18 bytes, which the client's kernel answers with RST."""
    server.write(b"the first answer.\n")
    server.process.lab.until_segment("RST", source=client)


def close_unread(client: Socket, server: Socket, data: bytes = b"hello\n") -> None:
    """The server writes; the client closes when the data has reached it, without reading it, and the RST is there."""
    lab = client.process.lab
    server.write(data)
    lab.until_received(client, len(data))
    client.close()
    lab.until_segment("RST", source=client)


def find_out(server: Socket, client: Socket) -> None:
    """The server, who has not heard that the client's end is gone, writes 18 bytes, is answered with RST, and reads."""
    server.write(b"are you all right?")
    server.process.lab.until_segment("RST", source=client)
    server.read()


def little_room(lab: Lab, sending: int) -> tuple[Socket, Socket]:
    """Both ends of a connection; the client has room for 4 KiB, the server as much as is said."""
    process = lab.process("server")
    listener = process.socket()
    listener.option("SO_SNDBUF", sending)
    listener.bind(lab.endpoint("server", 9000))
    listener.listen()
    client = lab.process("client").socket()
    client.option("SO_RCVBUF", 4096)
    client.connect(lab.endpoint("server", 9000))
    return client, process.accept(listener)


def before_forgery(lab: Lab) -> tuple[Socket, Socket]:
    """Both ends of a connection in use: 6 bytes from the client, read and acknowledged."""
    import scapy.layers.inet6  # noqa: F401  (takes its time: now, not between two packets)

    client, server = lab.pair()
    say(client, server)
    return client, server


def forge_from(supposed: Socket, to: Socket, flags: str, offset: int = 0, **more: Any) -> None:
    """A forged segment reaches one end in the other's name, `offset` behind the number that is expected next."""
    lab = to.process.lab
    seq = lab.next_seq(supposed) + offset
    lab.forge(to.process.host, flags, src=supposed.local or "", dst=to.local or "", seq=seq, **more)


def firewall(lab: Lab, rule: str) -> None:
    """A firewall on the server's host (nftables) treats what comes to port 9000 by this rule from now on."""
    lab.nft(
        "server",
        "add chain inet lab in { type filter hook input priority 0; }",
        f"add rule inet lab in tcp dport 9000 {rule}",
    )
