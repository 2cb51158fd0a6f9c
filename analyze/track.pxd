# Types of track.py for the compiled engine.
cimport cython
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from finrst.capture.decode cimport Decoder, Packet
from finrst.analyze.recent cimport Recent
from finrst.capture.inline cimport after, distance

cdef uint64_t CHECKSUM_BAD, CHECKSUM_OFFLOADED, CHECKSUM_UNCHECKED, FAULT_CUT, FAULT_FRAGMENT, FAULT_NONE, FAULT_SHORT, OPTION_SACK
cdef uint64_t OPTION_TIMESTAMPS, OPTION_WINDOW_SCALE, QUOTED_TCP, TCP, CLOSE_WAIT, CLOSED, CLOSING, ESTABLISHED
cdef uint64_t FIN_WAIT_1, LAST_ACK, LISTEN, RECEIVE_ACK_OF_FIN, RECEIVE_ACK_OF_SYN, RECEIVE_FIN, RECEIVE_SYN, RECEIVE_SYN_ACK, SEND_ACK
cdef uint64_t SEND_FIN, SEND_SYN, SEND_SYN_ACK, SYN_RCVD, SYN_SENT, TIME_WAIT, UNKNOWN, WIDTH
cdef uint64_t ACCEPTED_NO, ACCEPTED_UNKNOWN, ACCEPTED_YES, SHAPE_ACTIVE, SHAPE_REPLY, SHAPE_SYN_REPLY, WHY_BAD_CHECKSUM, WHY_IN_WINDOW
cdef uint64_t WHY_NO_CONNECTION, WHY_NONE, WHY_NOT_THE_SYN, WHY_OUT_OF_WINDOW, WHY_CROSSED, WHY_LOST, FACT_RESETS_CROSSED
cdef uint64_t FIN, SYN, RST, PSH, ACK, M16, M32, M64
cdef uint64_t HALF, FAR, FACT_SYN, FACT_BASE, FACT_TOP, FACT_ACKED, FACT_FIN, FACT_FIN_IN_ORDER
cdef uint64_t FACT_FIN_ACKED, FACT_SCALE, FACT_CHECKSUM, FACT_SACK, FACT_AHEAD, FACT_SPOKE_AFTER_RST, FACT_SYN_ACK, FACT_SYN_ALONE, FACT_HANDSHAKE
cdef uint64_t FACT_SEEN, FACT_CROSSED, FACT_START, FACT_CLOSED, FACT_RESET, FACT_SYN_RESET, FACT_HANDSHAKE_RESET, FACT_OPEN_QUESTION
cdef uint64_t FACT_STAMPED, FACT_VOUCHED, FACT_QUOTED, FACT_LONG_HISTORY, FACT_FIN_OF_1_FIRST, MARK_RETRANSMISSION, MARK_DUPLICATE, MARK_OUT_OF_ORDER, MARK_KEEPALIVE, MARK_WINDOW_PROBE
cdef uint64_t ZEEK_INACTIVE, ZEEK_SYN_SENT, ZEEK_SYN_ACK_SENT, ZEEK_PARTIAL, ZEEK_ESTABLISHED, ZEEK_CLOSED, ZEEK_RESET, HISTORY
cdef uint64_t ONCE_ACK, ONCE_DATA, ONCE_MULTI, ONCE_FIN_RST, ONCE_FIN, ONCE_RST, TRIES_UNTIL_DOUBT
cdef uint64_t PRINTS, SOONEST, LATEST, WALK, WALKS, SHORT_WALK, MOST_ERRORS

cdef uint64_t BOTH_BASES, SCALE_BITS, FACT_FIN_LOST, K1, K2, K3
cdef int64_t PROBE_NS, DELAYED_NS, JITTER_NS, QUEUE_NS, SILENCE_NS, CROSSING_NS, REORDERING_NS, DOUBLE_NS, DOUBLE_KNOWN_NS, DOUBLE_LATE_NS
cdef int64_t LULL_NS
cdef uint64_t GOODBYE

ctypedef const uint8_t *octets

# Small records without object members: the garbage collector does not track them. Hot fields first.
@cython.final
cdef class Connection:
    cdef public uint64_t lo[2]
    cdef public uint64_t hi[2]
    cdef public uint16_t port[2]
    cdef public uint8_t version, client
    cdef public uint16_t state[2]
    cdef public uint32_t number
    cdef public uint64_t facts
    cdef public uint32_t packets[2]
    cdef public uint64_t bytes[2]
    cdef public uint32_t top[2]
    cdef public uint32_t edge[2]
    cdef public uint32_t acked[2]
    cdef public uint32_t base[2]
    cdef public uint32_t window[2]
    cdef public int64_t heard[2]
    cdef public int64_t first_ts, last_ts, handshake_rtt, silence
    cdef public uint32_t first_frame, last_frame, closed_us
    cdef public uint16_t tries[2]
    cdef public uint16_t once, parting
    cdef public uint16_t zeek[2]
    cdef public uint32_t prints[4]
    cdef public uint32_t last[2]
    cdef public uint32_t syn[2]
    cdef public uint32_t fin[2]
    cdef public uint32_t rst[2]
    cdef public uint32_t psh[2]
    cdef public uint32_t retransmissions[2]
    cdef public uint16_t duplicates[2]
    cdef public uint16_t damaged[2]
    cdef public uint32_t fin_end[2]
    cdef public uint32_t last_rst[2]
    cdef public uint32_t sack_edge[2]
    cdef public uint32_t ahead_left[2]
    cdef public uint32_t ahead_right[2]
    cdef public uint16_t zero_windows[2]
    cdef public uint16_t gaps[2]
    cdef public uint16_t prior[2]
    cdef public uint32_t answered[2]
    cdef public uint32_t turn[2]
    cdef public uint16_t ip_id[2]
    cdef public uint16_t ttl[2]
    cdef public uint16_t probes[2]
    cdef public uint16_t flow_label[2]
    cdef public uint32_t fin_frame[2]
    cdef public uint32_t fin_ms[2]
    cdef public uint32_t reset_number, lull_ms
    cdef public uint8_t reset_by, size
    cdef uint8_t letters[16]

@cython.final
cdef class Reset:
    cdef public int64_t ts, latency, silence, quiet, distance, rtt, fin_ns, fin_acked_ns
    cdef public uint64_t facts, sent, received
    cdef public uint32_t connection, frame, seq, ack, trigger, echo_of, space, unacked, flow_label, label_before
    cdef public uint16_t flags, window, ip_id, ip_id_before, options, options_before, tries
    cdef public uint8_t side, ttl, ttl_before, checksum, shape, accepted, why, receiver_state, sender_state, probes

@cython.final
cdef class IcmpError:
    cdef public int64_t ts
    cdef public uint64_t hi, lo
    cdef public uint32_t connection, frame, mtu, seq
    cdef public uint8_t side, kind, code

cdef inline uint64_t wide(uint64_t value) noexcept
cdef uint64_t microseconds(int64_t ns) noexcept
@cython.locals(value=uint64_t)
cdef inline uint64_t mix(uint64_t hi, uint64_t lo, uint64_t port, uint64_t salt) noexcept

@cython.final
cdef class Tracker:
    cdef public Decoder decoder
    cdef public Recent recent
    cdef public list connections, resets, errors, wanted
    cdef public dict again, histories, told, headers
    cdef public object batch
    cdef cython.ulonglong[::1] slots
    cdef public uint64_t slot_mask, salt, tcp_packets, bad_checksums, offloaded, quoted_only, wanted_count, records
    cdef public int64_t first_ts, last_ts
    cdef public uint64_t from_frame, to_frame, marks, only_known
    cdef Connection nobody
    cdef uint64_t side
    cdef public bytes table
    cdef public uint64_t row

    @cython.locals(data=octets, at=cython.uint[::1], captured=cython.uint[::1], length=cython.uint[::1],
                   ts=cython.longlong[::1], link=cython.ushort[::1], frame=cython.uint[::1], count=uint64_t, row=uint64_t,
                   found=uint64_t, telling=uint64_t, first=int64_t, last=int64_t, decoder=Decoder, packet=Packet)
    cpdef object feed(self, object records)
    @cython.locals(value=uint64_t, tag=uint64_t, mask=uint64_t, place=uint64_t, slot=uint64_t, before=uint64_t, c=Connection)
    cdef inline Connection find(self, Packet packet)
    @cython.locals(c=Connection)
    cdef Connection create(self, Packet packet)
    @cython.locals(old=cython.ulonglong[::1], size=uint64_t, mask=uint64_t, i=uint64_t, place=uint64_t)
    cdef object grow(self)
    @cython.locals(c=Connection, e=IcmpError)
    cdef object quoted(self, Packet packet, uint64_t frame, int64_t ts)
    @cython.locals(side=uint64_t, c=Connection, flags=uint64_t)
    cdef inline object segment(self, Packet packet, uint64_t frame, int64_t ts)
    @cython.locals(i=uint64_t, c=Connection)
    cdef uint64_t is_wanted(self, Packet packet) except? 99
    cdef void set_base(self, Packet packet, Connection c, uint64_t side) noexcept
    cdef inline void event(self, Connection c, uint64_t side, uint64_t what) noexcept
    @cython.locals(other=uint64_t, flags=uint64_t, seq=uint64_t, length=uint64_t, end=uint64_t,
                   fingerprint=uint64_t, damaged=uint64_t)
    cdef inline object follow(self, Packet packet, Connection c, uint64_t side, uint64_t frame, int64_t ts)
    @cython.locals(last=int64_t)
    cdef int64_t silence(self, Connection c, int64_t ts) noexcept
    @cython.locals(gap=int64_t)
    cdef inline void speak(self, Connection c, uint64_t side, int64_t ts, uint64_t length) noexcept
    @cython.locals(gap=int64_t)
    cdef int64_t silence_before_end(self, Connection c, uint64_t side, int64_t ts) noexcept
    @cython.locals(gap=int64_t, owner=uint64_t, at=uint64_t, i=uint64_t)
    cdef uint64_t is_copy(self, Packet packet, Connection c, uint64_t side, int64_t ts, uint64_t end) noexcept
    @cython.locals(other=uint64_t, answers=uint64_t)
    cdef void open(self, Packet packet, Connection c, uint64_t side, int64_t ts, uint64_t end) noexcept
    @cython.locals(other=uint64_t, ack=uint64_t, facts=uint64_t)
    cdef inline object acknowledge(self, Packet packet, Connection c, uint64_t side, int64_t ts)
    cdef inline void arrive(self, Connection c, uint64_t side, uint64_t seq, uint64_t end) noexcept
    cdef inline void fin_in_order(self, Connection c, uint64_t side) noexcept
    @cython.locals(owner=uint64_t, at=uint64_t, i=uint64_t, end=uint64_t)
    cdef uint64_t vouches(self, Connection c, uint64_t side, uint64_t ack) noexcept
    @cython.locals(latest=int64_t)
    cdef uint64_t overdue(self, Connection c, uint64_t side, int64_t age) noexcept
    @cython.locals(other=uint64_t, age=int64_t)
    cdef void doubt(self, Packet packet, Connection c, uint64_t side, int64_t ts) noexcept
    cdef void fin_acknowledged(self, Connection c, uint64_t side) noexcept
    @cython.locals(other=uint64_t, flags=uint64_t, seq=uint64_t, length=uint64_t, top=uint64_t,
                   under_way=uint64_t)
    cdef inline object send(self, Packet packet, Connection c, uint64_t side, int64_t ts, uint64_t end)
    cdef object sent_again(self, Packet packet, Connection c, uint64_t side)
    @cython.locals(recent=Recent, other=uint64_t, owner=uint64_t, turn=int64_t, soonest=int64_t, latest=int64_t,
                   only_data=uint64_t, limit=uint64_t, at=uint64_t, best=uint64_t, spare=uint64_t, i=uint64_t, age=int64_t, carries=uint64_t)
    cdef uint64_t trigger(self, Connection c, uint64_t side, uint64_t number, uint64_t by_ack, int64_t ts) noexcept
    @cython.locals(recent=Recent, owner=uint64_t, first=int64_t, at=uint64_t, i=uint64_t)
    cdef int64_t since_fin(self, Connection c, uint64_t side, int64_t ts) noexcept
    @cython.locals(recent=Recent, other=uint64_t, owner=uint64_t, limit=uint64_t, first=int64_t, at=uint64_t, i=uint64_t)
    cdef int64_t since_fin_acked(self, Connection c, uint64_t side, int64_t ts) noexcept
    @cython.locals(recent=Recent, own=uint64_t, last=int64_t, at=uint64_t, i=uint64_t)
    cdef int64_t quiet(self, Connection c, uint64_t side, uint64_t place) noexcept
    @cython.locals(other=uint64_t, r=Reset, first=Reset, place=uint64_t, answerable=int64_t, state=uint64_t)
    cdef object reset(self, Packet packet, Connection c, uint64_t side, uint64_t frame, int64_t ts, uint64_t damaged)
    @cython.locals(other=uint64_t)
    cdef uint64_t kept_away(self, Connection c, uint64_t side, uint64_t place) noexcept
    @cython.locals(other=uint64_t, open_end=uint64_t, r=Reset)
    cdef object life_after_reset(self, Packet packet, Connection c, uint64_t side, int64_t ts, uint64_t end)
    @cython.locals(r=Reset, age=int64_t)
    cdef uint64_t lives(self, Packet packet, Connection c, uint64_t side, int64_t ts) except? 99
    @cython.locals(r=Reset)
    cdef object survived(self, Connection c, uint64_t side, uint64_t why)
    @cython.locals(i=uint64_t, r=Reset)
    cdef Reset ending_reset(self, Connection c)
    cdef object letter(self, Connection c, uint64_t side, uint64_t letter)
    cdef object letter_log(self, Connection c, uint64_t side, uint64_t letter, uint64_t count)
    @cython.locals(other=uint64_t, flags=uint64_t, kind=uint64_t, end=uint64_t, state=uint64_t)
    cdef inline object zeek_packet(self, Packet packet, Connection c, uint64_t side)
    @cython.locals(window=uint64_t)
    cdef object tell(self, Packet packet, Connection c, uint64_t side, uint64_t frame, int64_t ts)
