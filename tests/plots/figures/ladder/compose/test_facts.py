"""What is read off the segments: who crossed whom, what was not answered, who is in which state."""

from __future__ import annotations

from .... import conversations as talk
from ..scenes import arrow, sample, scene, states


def test_unanswered_syns_end_half_way() -> None:
    figure = scene(talk.unanswered())
    assert all(a.unanswered for a in figure.arrows)
    assert figure.verdict.text.startswith("The client sent 4 SYNs in 7.1 s; no answer.")
    assert figure.server_state.name == "UNKNOWN"


def test_crossing_fins_take_both_ends_through_closing() -> None:
    figure = scene(talk.simultaneous_close())
    assert arrow(figure, 5).crosses == 4
    first, second = arrow(figure, 4), arrow(figure, 5)
    for own, other in ((first, second), (second, first)):  # each leaves in FIN_WAIT_1, and finds the other there
        assert own.sender_state is not None and own.sender_state.name == "FIN_WAIT_1"
        assert other.receiver_state is not None and other.receiver_state.name == "CLOSING"
        assert own.sender_state.side == other.receiver_state.side
    assert states(figure, "client")[-1] == states(figure, "server")[-1] == "TIME_WAIT"


def test_a_rst_from_the_path_does_not_close_the_end_in_whose_name_it_came() -> None:
    figure = scene(talk.from_the_path())
    rst = figure.arrows[-1]
    assert rst.origin > 0 and rst.origin_note == "most likely not from the server's TCP"
    assert states(figure, "server")[-1] == "ESTABLISHED"
    assert states(figure, "client")[-1] == "CLOSED"


def test_rsts_that_the_kernel_says_it_sent_are_no_copies_of_each_other() -> None:
    resets = [one for one in sample("lost-data-duplicated").arrows if one.kind == "rst"]
    assert [one.copies for one in resets] == [2, 2, 2]
