# Types of decode.py for the compiled engine.
cimport cython
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t

from finrst.capture.inline cimport be16, be32, be64

cdef uint64_t CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_OFFLOADED, CHECKSUM_UNCHECKED, FAULT_CUT, FAULT_FRAGMENT, FAULT_HEADER_LENGTH, FAULT_NONE, FAULT_SHORT, HEADERLESS_TCP, LINKTYPE_ATM_RFC1483, LINKTYPE_C_HDLC, LINKTYPE_ENC, LINKTYPE_ETHERNET, LINKTYPE_FRELAY, LINKTYPE_FDDI, LINKTYPE_IEEE802_5, LINKTYPE_IPOIB, LINKTYPE_IEEE802_11, LINKTYPE_IEEE802_11_AVS, LINKTYPE_IEEE802_11_PRISM, LINKTYPE_IEEE802_11_RADIOTAP, LINKTYPE_IPV4, LINKTYPE_IPV6, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2, LINKTYPE_LOOP, LINKTYPE_NETANALYZER, LINKTYPE_NFLOG, LINKTYPE_NULL, LINKTYPE_PFLOG, LINKTYPE_PKTAP, LINKTYPE_PPI, LINKTYPE_PPP, LINKTYPE_PPP_ETHER, LINKTYPE_PPP_HDLC, LINKTYPE_PPP_WITH_DIR, LINKTYPE_RAW, LINKTYPE_RAW_12, LINKTYPE_RAW_14, LINK_NONE, NOT_TCP, OPTION_MSS, OPTION_SACK, OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS, OPTION_WINDOW_SCALE, QUOTED_TCP, TCP
cdef uint64_t LAYER_NONE, LAYER_ETHERNET, LAYER_ETHERTYPE, LAYER_IP, LAYER_IPV4, LAYER_IPV6, LAYER_PPP, LAYER_MPLS, LAYER_LLC, LAYER_PROTOCOL, LAYER_GRE, LAYER_UDP, LAYER_ICMP, LAYER_WIFI, MAX_LAYERS, M16, M32

@cython.final
cdef class Packet:
    cdef public uint64_t src_hi, src_lo, dst_hi, dst_lo, icmp_hi, icmp_lo, header
    cdef public uint32_t seq, ack, length, captured, flowlabel
    cdef public uint32_t sack_left, sack_right, tsval, tsecr, icmp_mtu
    cdef public uint16_t sport, dport, win, flags, ipid, options, mss
    cdef public uint8_t version, ttl, has_ipid, dont_fragment, wscale, sack_count, checksum, tunnel, fault, icmp_type, icmp_code

@cython.locals(total=uint64_t)
cdef inline uint64_t word_sum(const uint8_t *data, uint64_t at, uint64_t end) noexcept
cdef inline uint64_t fold(uint64_t total) noexcept

@cython.final
cdef class Decoder:
    cdef public Packet packet
    cdef public object fragments
    cdef public bytes whole
    cdef public dict unknown_links
    cdef public uint8_t padded, rerouted

    @cython.locals(packet=Packet, end=uint64_t, wire=uint64_t, kind=uint64_t, protocol=uint64_t, quoted=uint64_t, fragment=uint64_t, depth=uint64_t, layer=uint64_t, size=uint64_t, tag=uint64_t, whole_end=uint64_t)
    cdef uint64_t decode(self, const uint8_t *data, uint64_t at, uint64_t captured, uint64_t length, uint64_t link, uint64_t frame) except? 99
    @cython.locals(packet=Packet, kind=uint64_t, size=uint64_t)
    cdef void source_route(self, const uint8_t *data, uint64_t at, uint64_t end) noexcept
    @cython.locals(size=uint64_t, option_end=uint64_t)
    cdef inline uint64_t tcp(self, Packet packet, const uint8_t *data, uint64_t at, uint64_t end, uint64_t wire, uint64_t quoted, uint64_t fragment) noexcept
    @cython.locals(kind=uint64_t, size=uint64_t)
    cdef void tcp_options(self, Packet packet, const uint8_t *data, uint64_t at, uint64_t end) noexcept
    @cython.locals(pseudo=uint64_t, field=uint64_t)
    cdef inline uint64_t verify(self, Packet packet, const uint8_t *data, uint64_t at, uint64_t end) noexcept
