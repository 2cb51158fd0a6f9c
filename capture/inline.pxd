# The smallest functions of the engine, with their bodies: C takes them into every place that calls them. Each stands
# for the Python function of the same name in capture/octets.py or analyze/seq.py.
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t


cdef inline uint64_t be16(const uint8_t *data, uint64_t at) noexcept nogil:
    cdef const uint8_t *p = data + at
    return <uint32_t> p[0] << 8 | p[1]


cdef inline uint64_t be32(const uint8_t *data, uint64_t at) noexcept nogil:
    cdef const uint8_t *p = data + at
    return <uint32_t> p[0] << 24 | <uint32_t> p[1] << 16 | <uint32_t> p[2] << 8 | p[3]


cdef inline uint64_t be64(const uint8_t *data, uint64_t at) noexcept nogil:
    return be32(data, at) << 32 | be32(data, at + 4)


cdef inline uint64_t le16(const uint8_t *data, uint64_t at) noexcept nogil:
    cdef const uint8_t *p = data + at
    return <uint32_t> p[1] << 8 | p[0]


cdef inline uint64_t le32(const uint8_t *data, uint64_t at) noexcept nogil:
    cdef const uint8_t *p = data + at
    return <uint32_t> p[3] << 24 | <uint32_t> p[2] << 16 | <uint32_t> p[1] << 8 | p[0]


cdef inline uint64_t distance(uint64_t later, uint64_t earlier) noexcept nogil:
    return <uint32_t> (later - earlier)


cdef inline uint64_t after(uint64_t a, uint64_t b) noexcept nogil:
    return <int32_t> (a - b) > 0
