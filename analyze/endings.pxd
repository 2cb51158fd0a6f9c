# Types of endings.py for the compiled engine.
cimport cython
from libc.stdint cimport uint64_t

from finrst.analyze.track cimport Connection

cdef uint64_t FACT_CLOSED, FACT_CROSSED, FACT_FIN, FACT_FIN_OF_1_FIRST, FACT_HANDSHAKE, FACT_HANDSHAKE_RESET, FACT_OPEN_QUESTION, FACT_RESET, FACT_RESETS_CROSSED
cdef uint64_t FACT_SPOKE_AFTER_RST, FACT_START, FACT_SYN, FACT_SYN_ACK, FACT_SYN_RESET, TRIES_UNTIL_DOUBT, ZEEK_CLOSED, ZEEK_ESTABLISHED
cdef uint64_t ZEEK_INACTIVE, ZEEK_PARTIAL, ZEEK_RESET, ZEEK_SYN_ACK_SENT, ZEEK_SYN_SENT, ENDING_CLOSED, ENDING_HALF_CLOSED, ENDING_HANDSHAKE_INCOMPLETE
cdef uint64_t ENDING_OPEN, ENDING_REFUSED, ENDING_RESET, ENDING_TIMED_OUT, ENDING_UNANSWERED, ENDING_UNKNOWN, WHO_BOTH, WHO_CLIENT
cdef uint64_t WHO_NOBODY, WHO_PATH, WHO_SERVER, WHO_UNKNOWN, NOBODY_CLOSED

@cython.locals(client=uint64_t, server=uint64_t, facts=uint64_t)
cpdef uint64_t ending(Connection c) noexcept
cpdef uint64_t only_later_segments(Connection c, uint64_t client) noexcept
cpdef uint64_t ended_by(Connection c, uint64_t how) noexcept
@cython.locals(facts=uint64_t)
cpdef uint64_t first_fin(Connection c) noexcept
cpdef uint64_t closed_first(Connection c) noexcept
@cython.locals(o=uint64_t, r=uint64_t, o_inactive=uint64_t, r_inactive=uint64_t)
cpdef uint64_t conn_state(Connection c) noexcept
