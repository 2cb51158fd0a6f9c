# Types of columns.py for the compiled engine.
cimport cython
from libc.stdint cimport uint64_t

from finrst.analyze.endings cimport closed_first, conn_state, ended_by, ending
from finrst.analyze.track cimport Connection, Reset

cdef uint64_t UNKNOWN, FACT_CLOSED, FACT_SEEN, FACT_START, FACT_ACKED, FACT_TOP, M32, FAR, EVEN, UPPER, SCALES

cpdef uint64_t last_state(Connection c, uint64_t side) noexcept
@cython.locals(lived=uint64_t)
cpdef uint64_t after_close(Connection c) noexcept
cdef uint64_t sided(uint64_t facts, uint64_t first) noexcept
@cython.locals(left=uint64_t)
cpdef uint64_t unacked(Connection c, uint64_t side) noexcept
@cython.locals(count=uint64_t, i=uint64_t, c=Connection, client=uint64_t, server=uint64_t,
               number=cython.uint[::1], version=cython.uchar[::1], client_hi=cython.ulonglong[::1],
               client_lo=cython.ulonglong[::1], client_port=cython.ushort[::1],
               server_hi=cython.ulonglong[::1], server_lo=cython.ulonglong[::1],
               server_port=cython.ushort[::1], direction_seen=cython.uchar[::1],
               start_seen=cython.uchar[::1], first_ns=cython.longlong[::1], last_ns=cython.longlong[::1],
               silence_ns=cython.longlong[::1],
               first_frame=cython.uint[::1], last_frame=cython.uint[::1], packets_client=cython.uint[::1],
               packets_server=cython.uint[::1], bytes_client=cython.ulonglong[::1],
               bytes_server=cython.ulonglong[::1], retransmissions_client=cython.uint[::1],
               retransmissions_server=cython.uint[::1], rst_client=cython.uint[::1],
               rst_server=cython.uint[::1], state_client=cython.uchar[::1],
               state_server=cython.uchar[::1], how=cython.uchar[::1], who=cython.uchar[::1],
               first=cython.uchar[::1], zeek=cython.uchar[::1],
               facts=cython.ulonglong[::1],
               syn_client=cython.uint[::1],
               syn_server=cython.uint[::1],
               fin_client=cython.uint[::1],
               fin_server=cython.uint[::1],
               psh_client=cython.uint[::1],
               psh_server=cython.uint[::1],
               fin_frame_client=cython.uint[::1],
               fin_frame_server=cython.uint[::1],
               unacked_client=cython.uint[::1],
               unacked_server=cython.uint[::1],
               zero_windows_client=cython.ushort[::1],
               zero_windows_server=cython.ushort[::1],
               probes_client=cython.uchar[::1],
               probes_server=cython.uchar[::1],
               tries_client=cython.uchar[::1],
               tries_server=cython.uchar[::1],
               rtt_ns=cython.longlong[::1],
               heard_client=cython.longlong[::1],
               heard_server=cython.longlong[::1],
               window_client=cython.uint[::1],
               window_server=cython.uint[::1],
               turn_client=cython.uint[::1],
               turn_server=cython.uint[::1],
               reset=cython.uint[::1])
cpdef dict columns(list connections)
@cython.locals(count=uint64_t, i=uint64_t, c=Connection, r=Reset, connection=cython.uint[::1], ts_ns=cython.longlong[::1],
               latency_ns=cython.longlong[::1], silence_ns=cython.longlong[::1], quiet_ns=cython.longlong[::1], sender=cython.uchar[::1],
               shape=cython.uchar[::1], accepted=cython.uchar[::1],
               frame=cython.uint[::1],
               answers_frame=cython.uint[::1],
               echo_of=cython.uint[::1],
               facts=cython.ulonglong[::1],
               sent=cython.ulonglong[::1],
               received=cython.ulonglong[::1],
               space=cython.uint[::1],
               seq=cython.uint[::1],
               ack=cython.uint[::1],
               distance=cython.longlong[::1],
               rtt_ns=cython.longlong[::1],
               fin_ns=cython.longlong[::1],
               fin_acked_ns=cython.longlong[::1],
               unacked=cython.uint[::1],
               flags=cython.ushort[::1],
               window=cython.ushort[::1],
               why=cython.uchar[::1],
               receiver_state=cython.uchar[::1],
               sender_state=cython.uchar[::1],
               tries=cython.ushort[::1],
               probes=cython.uchar[::1],
               ttl=cython.uchar[::1],
               ttl_before=cython.uchar[::1],
               ip_id=cython.ushort[::1],
               ip_id_before=cython.ushort[::1],
               options=cython.ushort[::1],
               options_before=cython.ushort[::1],
               flow_label=cython.uint[::1],
               label_before=cython.uint[::1])
cpdef dict reset_columns(list connections, list resets)
