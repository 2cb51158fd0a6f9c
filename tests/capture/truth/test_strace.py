"""Logs of strace: what a line says, whose it is, and when it was; and a real one."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from finrst.capture.facts import Call, Exit, Source
from finrst.capture.truth import strace

HERE, THERE = "127.0.0.1:44780", "127.0.0.1:7000"
FD = f"3<TCP:[{HERE}->{THERE}]>"
AT = "1795331617."
NS = 1795331617_000_000_000
MS = 1_000_000


def calls(text: str, name: str = "LOG") -> list[Call]:
    return [one for one in facts(text, name) if isinstance(one, Call)]


def facts(text: str, name: str = "LOG") -> list[Call | Exit]:
    log = strace.Log(int(name.rpartition(".")[2]) if "." in name else 0)
    for line in textwrap.dedent(text).strip().splitlines():
        log.line(line)
    return log.finish()


def only(line: str, more: str = "") -> Call:
    (one,) = calls(f"7 {AT}01 {line}\n{more or f'7 {AT}09 getpid() = 7'}")
    return one


@pytest.mark.parametrize(
    ("line", "text", "result", "errno", "says"),
    [
        (f'read({FD}, "hello\\n", 100) = 6', "read(3, 100)", 6, None, None),
        (f'read({FD}, "", 100) = 0', "read(3, 100)", 0, None, "EOF"),
        (f'read({FD}, 0x7f28, 100) = -1 ECONNRESET (Connection reset by peer)', "read(3, 100)", -1, "ECONNRESET", None),
        (f'write({FD}, "a, \\") = 5 (", 18) = 18', "write(3, 18 bytes)", 18, None, None),
        (f'sendto({FD}, "x"..., 1800, MSG_NOSIGNAL|MSG_DONTWAIT, NULL, 0) = -1 EPIPE (Broken pipe)',
         "sendto(3, 1,800 bytes, MSG_NOSIGNAL MSG_DONTWAIT)", -1, "EPIPE", None),
        (f'recvfrom({FD}, "", 5, 0, NULL, NULL) = 0 <0.000012>', "recvfrom(3, 5)", 0, None, "EOF"),
        (f'writev({FD}, [{{iov_base="ab", iov_len=2}}, {{iov_base="c", iov_len=1}}], 2) = 3', "writev(3, 3)", 3, None,
         None),
        (f"getsockopt({FD}, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0", "getsockopt(3, SO_ERROR)", 0, None,
         "SO_ERROR = ECONNREFUSED"),
        (f"setsockopt({FD}, SOL_SOCKET, SO_LINGER, {{l_onoff=1, l_linger=0}}, 8) = 0", "setsockopt(3, SO_LINGER, 1, 0)",
         0, None, None),
        (f'setsockopt({FD}, SOL_SOCKET, SO_RCVTIMEO_OLD, {{tv_sec=1, tv_usec=500000}}, 16) = 0',
         "setsockopt(3, SO_RCVTIMEO, 1500)", 0, None, None),
        (f"fcntl({FD}, F_SETFL, O_RDWR|O_NONBLOCK) = 0", "fcntl(3, F_SETFL, O_RDWR O_NONBLOCK)", 0, None, None),
        (f"ioctl({FD}, FIONBIO, [1]) = 0", "ioctl(3, FIONBIO, 1)", 0, None, None),
        (f"shutdown({FD}, SHUT_WR) = -1 ENOTCONN (Transport endpoint is not connected)", "shutdown(3, SHUT_WR)", -1,
         "ENOTCONN", None),
        (f"poll([{{fd={FD}, events=POLLIN|POLLRDHUP}}], 1, 1000) = 1 ([{{fd=3, revents=POLLIN|POLLHUP}}])",
         "poll(3, IN RDHUP, 1000)", 1, None, "IN HUP"),
        (f"poll([{{fd={FD}, events=POLLIN|POLLRDNORM|POLLWRNORM}}], 1, 0) = 1 ([{{fd=3, revents=POLLIN|POLLRDNORM}}])",
         "poll(3, IN OUT, 0)", 1, None, "IN"),
        (f"poll([{{fd={FD}, events=POLLIN}}], 1, 0) = 0 (Timeout)", "poll(3, IN, 0)", 0, None, "nothing"),
        (f"select(4, [{FD}], [{FD}], NULL, {{tv_sec=2, tv_usec=0}}) = 1 (out [3], left {{tv_sec=1, tv_usec=9}})",
         "select(3, IN OUT, 2000)", 1, None, "OUT"),
        (f"close({FD}) = 0", "close(3)", 0, None, None),
    ],
    ids=lambda value: str(value).partition("(")[0] if "(" in str(value) else "",
)  # fmt: skip
def test_a_line_is_a_call(line: str, text: str, result: int, errno: str | None, says: str | None) -> None:
    one = only(line)
    assert (one.text, one.result, one.errno, one.says) == (text, result, errno, says)
    assert (one.fd, one.local, one.remote, one.pid, one.t_ns) == (3, HERE, THERE, 7, NS + 10 * MS)


def test_what_is_no_socket_is_passed_over() -> None:
    assert (
        calls(f"""
        7 {AT}01 write(1</dev/pts/0>, "3<TCP:[1.1.1.1:1->2.2.2.2:2]>", 9) = 9
        7 {AT}02 read(5<UNIX:[123]>, "x", 1) = 1
        7 {AT}03 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6<UDP:[4]>
        7 {AT}04 openat(AT_FDCWD, "x", O_RDONLY) = -1 ENOENT (No such file or directory)
        """)
        == []
    )


def test_an_interrupted_line_is_one_call_from_its_beginning_to_its_end() -> None:
    (one,) = calls(f"""
        7 {AT}01 recvfrom({FD},  <unfinished ...>
        8 {AT}02 write(1</dev/pts/0>, "x", 1) = 1
        7 {AT}03 <... recvfrom resumed>"", 100, 0, NULL, NULL) = 0
        """)
    assert (one.t_ns, one.until_ns, one.says) == (NS + 10 * MS, NS + 30 * MS, "EOF")


def test_a_restarted_call_is_one_call() -> None:
    (one,) = calls(f"""
        7 {AT}01 read({FD}, 0x7f, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
        7 {AT}02 --- SIGCHLD {{si_signo=SIGCHLD}} ---
        7 {AT}03 read({FD}, "abc", 10) = 3
        7 {AT}04 getpid() = 7
        """)
    assert (one.t_ns, one.result, one.errno) == (NS + 10 * MS, 3, None)


def test_a_call_has_returned_by_the_next_line_of_its_process() -> None:
    text = f'7 {AT}01 read({FD}, "abc", 10) = 3{{}}\n8 {AT}02 getpid() = 8\n7 {AT}05 getpid() = 7'
    assert [calls(text.format(took))[0].until_ns for took in ("", " <0.001000>")] == [NS + 50 * MS, NS + 13 * MS]
    (quick,) = calls(f'7 {AT}01 write({FD}, "abc", 3) = 3\n7 {AT}05 getpid() = 7')
    assert quick.until_ns == NS + 10 * MS + strace.SOON_NS


def test_sigpipe_belongs_to_the_write_before_it() -> None:
    one, exit_ = facts(f"""
        7 {AT}01 write({FD}, "abc", 3) = -1 EPIPE (Broken pipe)
        7 {AT}02 --- SIGPIPE {{si_signo=SIGPIPE, si_code=SI_USER}} ---
        7 {AT}03 +++ killed by SIGPIPE +++
        """)
    assert isinstance(one, Call) and one.signals == ("SIGPIPE",)
    assert isinstance(exit_, Exit) and (exit_.signal, exit_.pid) == ("SIGPIPE", 7)


def test_a_call_in_which_the_process_was_killed_never_returned() -> None:
    (one, _) = facts(f"7 {AT}01 read({FD},  <unfinished ...>\n7 {AT}03 +++ killed by SIGKILL +++")
    assert isinstance(one, Call) and one.until_ns is None and one.result is None


def test_without_yy_a_descriptor_is_known_by_its_connect_and_accept() -> None:
    address = '{sa_family=AF_INET, sin_port=htons(7000), sin_addr=inet_addr("10.0.0.2")}'
    found = calls(f"""
        7 {AT}01 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
        7 {AT}02 connect(3, {address}, 16) = 0
        7 {AT}03 getsockname(3, {{sa_family=AF_INET, sin_port=htons(5), sin_addr=inet_addr("10.0.0.1")}}, [16]) = 0
        7 {AT}04 write(3, "x", 1) = 1
        7 {AT}05 close(3) = 0
        7 {AT}06 write(3, "no socket any more", 1) = 1
        """)
    assert [(one.call, one.local, one.remote) for one in found[1:]] == [
        ("connect", "10.0.0.1:5", "10.0.0.2:7000"),
        ("write", "10.0.0.1:5", "10.0.0.2:7000"),
        ("close", "10.0.0.1:5", "10.0.0.2:7000"),
    ]


def test_a_connect_learns_its_own_end_from_what_follows() -> None:
    address = '{sa_family=AF_INET, sin_port=htons(7000), sin_addr=inet_addr("127.0.0.1")}'
    found = calls(f"""
        7 {AT}02 connect(3<TCP:[555]>, {address}, 16) = -1 EINPROGRESS (Operation now in progress)
        7 {AT}04 write({FD}, "x", 1) = 1
        """)
    assert found[0].local == HERE


def test_a_connect_that_was_not_tried_leaves_the_socket_its_peer() -> None:
    first, other = (
        f'{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr("10.0.0.2")}}' for port in (9, 7000)
    )
    log = f"""
        7 {AT}02 connect(3<TCP:[555]>, {first}, 16) = -1 EINPROGRESS (Operation now in progress)
        7 {AT}03 connect(3<TCP:[555]>, {other}, 16) = -1 EINVAL (Invalid argument)
        7 {AT}04 recv(3<TCP:[555]>, "", 100, 0) = 0
    """
    assert [one.remote for one in calls(log)] == ["10.0.0.2:9"] * 3


def test_an_accepted_connection_has_its_own_ends() -> None:
    one = only(
        'accept4(4<TCP:[0.0.0.0:7000]>, {sa_family=AF_INET, sin_port=htons(44780), sin_addr=inet_addr("127.0.0.1")}, '
        f"[16], SOCK_CLOEXEC|SOCK_NONBLOCK) = 3<TCP:[{THERE}->{HERE}]>"
    )
    assert (one.call, one.fd, one.result, one.local, one.remote) == ("accept", 4, 3, THERE, HERE)
    assert one.arguments == (4, "SOCK_CLOEXEC|SOCK_NONBLOCK")


def test_mapped_addresses_are_those_of_the_packets() -> None:
    one = only('read(3<TCPv6:[[::ffff:10.0.0.1]:5->[::ffff:10.0.0.2]:80]>, "x", 1) = 1')
    assert (one.local, one.remote) == ("10.0.0.1:5", "10.0.0.2:80")
    six = only('read(3<TCPv6:[[fd00::1]:5->[fd00::2]:80]>, "x", 1) = 1')
    assert (six.local, six.remote) == ("[fd00::1]:5", "[fd00::2]:80")


def test_epoll_knows_what_was_asked_of_whom() -> None:
    found = calls(f"""
        7 {AT}01 epoll_ctl(4<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, {FD}, {{events=EPOLLIN|EPOLLOUT, data={{u32=9, u64=9}}}}) = 0
        7 {AT}02 epoll_wait(4<anon_inode:[eventpoll]>, [{{events=EPOLLOUT, data={{u32=9, u64=9}}}}], 64, 1000) = 1
        """)  # noqa: E501
    (one,) = found
    assert (one.arguments, one.says) == ((3, "IN OUT", 1000), "OUT")


@pytest.mark.parametrize(
    ("prefix", "pid"), [("[pid  9] ", 9), ("9 ", 9), ("9<nginx> ", 9), ("", 12)], ids=["screen", "file", "comm", "one"]
)
def test_the_process_stands_before_the_line_or_in_the_name_of_the_file(prefix: str, pid: int) -> None:
    (one,) = calls(f'{prefix}{AT}01 read({FD}, "x", 1) = 1', "LOG.12")
    assert (one.pid, one.process) == (pid, "nginx" if "nginx" in prefix else f"pid {pid}")


def test_a_log_without_wall_clock_times_is_refused_and_says_what_helps(tmp_path: Path) -> None:
    for text in (f'7 read({FD}, "x", 1) = 1\n', f'7 12:00:01.123456 read({FD}, "x", 1) = 1\n'):
        (tmp_path / "LOG").write_text(text)
        with pytest.raises(strace.StraceError, match="-f -ttt -yy"):
            strace.read(tmp_path / "LOG")
    (tmp_path / "LOG").write_bytes(bytes(range(256)) * 100)
    with pytest.raises(strace.StraceError, match="no log of strace"):
        strace.read(tmp_path / "LOG")


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    good = f'7 {AT}01 read({FD}, "x", 1) = 1\n'
    bad = [good[:cut] for cut in range(3, len(good), 5)] + [
        f"7 {AT}02 poll([{{fd=, events=}}], 1) = 1 ([{{\n", f"7 {AT}02 <... read resumed>) = 1\n",
        f"7 {AT}02 connect({FD}, {{) = 0\n", f"7 {AT}02 setsockopt({FD}) = 0\n", f"7 {AT}02 read() = 1\n",
    ]  # fmt: skip
    (tmp_path / "LOG").write_text("\n".join(bad) + "\n" + good)
    found = strace.read(tmp_path / "LOG")
    assert isinstance(found[0], Source)
    assert [one.result for one in found if isinstance(one, Call) and one.call == "read"][-1] == 1


PROGRAM = """
import os, socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
client.sendall(b"hello"); server.recv(5); client.close(); server.recv(5)
print(*["%s:%d" % pair for pair in (server.getpeername(), server.getsockname())])
server.close()
"""


def test_a_real_log_tells_every_call_of_both_ends(tmp_path: Path) -> None:
    program = shutil.which("strace")
    if program is None:
        pytest.skip("strace is not installed (./dev test installs it)")
    log = tmp_path / "LOG"
    done = subprocess.run(
        [program, "-f", "-ttt", "-yy", "-e", "trace=network,read,write,close", "-o", str(log), sys.executable, "-c",
         PROGRAM],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    client, server = done.stdout.split()
    found = [one for one in strace.read(log) if isinstance(one, Call) and one.remote]
    assert [(one.call, one.local, one.remote) for one in found] == [
        ("connect", client, server),
        ("accept", server, client),
        ("sendto", client, server),
        ("recvfrom", server, client),
        ("close", client, server),
        ("recvfrom", server, client),
        ("close", server, client),
    ]
    assert [one.says for one in found if one.call == "recvfrom"] == [None, "EOF"]
    assert all(one.until_ns and one.t_ns <= one.until_ns for one in found)


def test_no_line_is_an_exception_whatever_stands_in_it() -> None:
    address = '{sa_family=AF_INET, sin_port=htons(7000), sin_addr=inet_addr("127.0.0.1")}'
    good = [
        f'7 {AT}01 read({FD}, "hello", 100) = 5 <0.000012>',
        f"7 {AT}01 connect({FD}, {address}, 16) = -1 EINPROGRESS (Operation now in progress)",
        f"7 {AT}01 poll([{{fd={FD}, events=POLLIN}}], 1, 1000) = 1 ([{{fd=3, revents=POLLIN}}])",
        f"7 {AT}01 accept4({FD}, {address}, [16], SOCK_CLOEXEC) = 4<TCP:[{THERE}->{HERE}]>",
        f"7 {AT}01 epoll_ctl(4, EPOLL_CTL_ADD, {FD}, {{events=EPOLLIN, data={{u32=9}}}}) = 0",
        f"7 {AT}01 setsockopt({FD}, SOL_SOCKET, SO_LINGER, {{l_onoff=1, l_linger=0}}, 8) = 0",
        f"7 {AT}01 select(4, [{FD}], [{FD}], NULL, {{tv_sec=2, tv_usec=0}}) = 1 (in [3])",
        f"7 {AT}01 +++ exited with 0 +++",
    ]
    for seed in range(1000):
        rng = random.Random(seed)
        log = strace.Log()
        for line in rng.sample(good, 3):
            for _ in range(rng.randint(1, 4)):
                first, last = sorted((rng.randrange(len(line) + 1), rng.randrange(len(line) + 1)))
                more = rng.choice(("", line[first:last][:20] * 50, rng.choice("()[]{}<>,=-0123456789") * 5000, "\0é"))
                line = line[:first] + more + line[last if rng.random() < 0.5 else first :][:20000]
            log.line(line)
        log.finish()
