"""N6: where the words come from, and the signal beside one of them."""

from __future__ import annotations

from . import SENTENCES, WRITES, Claim, Evidence, Finding, NotMeasuredError, said


class N6(Claim):
    """The words are glibc's; EPIPE also raises SIGPIPE, which ends a program that neither handles nor blocks it.

    Measured: how the process ended that wrote to a connection which is gone, whether its write returned, and the C
    library's sentences for the two errors (strerror). A program that ignores SIGPIPE sees EPIPE. So does one that
    forbids the signal for a single call, with MSG_NOSIGNAL: that the notes leave out.
    """

    says = (
        'The words are the C library\'s. With "Broken pipe" comes SIGPIPE, which ends a program that neither handles '
        "nor blocks it: a program never sees EPIPE unless it does."
    )
    scenarios = ("sigpipe", "sigpipe-ignored")
    changed = ("msg-nosignal",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        for process in ("server", "client"):
            writes = one.calls(process, *WRITES)
            if not writes:
                continue
            if any(end.signal == "SIGPIPE" for end in one.exits(process)):
                never = writes[-1].until_ns is None
                when = "SIGPIPE is neither handled nor ignored"
                return Finding(never, f"the {process}'s {said(writes[-1])}: SIGPIPE ended the process", when)
            failed = [call for call in writes if call.errno == "EPIPE"]
            if failed:
                break
        else:
            raise NotMeasuredError("no program wrote to a connection that was gone")
        words = {str(call.arguments[0]): call.says for call in one.calls(process, "strerror")}
        silenced = "MSG_NOSIGNAL" in str(failed[0].arguments[3:])
        how = "with MSG_NOSIGNAL the" if silenced else "the signal ignored, the" if not failed[0].signals else "the"
        text = f"{how} {process}'s {said(failed[0])}, and the process went on"
        if words:
            text += "; strerror has " + ", ".join(f'"{sentence}" for {name}' for name, sentence in words.items())
        right = all(sentence == SENTENCES.get(name) for name, sentence in words.items())
        return Finding(right and not silenced, text, "the call itself does not forbid the signal")
