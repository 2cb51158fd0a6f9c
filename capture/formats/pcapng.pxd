cimport cython
from libc.stdint cimport int64_t, uint8_t, uint64_t

from finrst.capture.inline cimport be16, be32, le16, le32

cdef uint64_t M32
cdef uint64_t LARGEST_BLOCK
cdef int64_t LAST_SECOND

cdef unsigned int u16(const unsigned char *data, unsigned long long pos, bint big) noexcept nogil

cdef unsigned int u32(const unsigned char *data, unsigned long long pos, bint big) noexcept nogil

cdef unsigned int swapped(unsigned int word) noexcept nogil

@cython.locals(code="unsigned long long", size="unsigned long long", step="unsigned long long")
cdef bint packet_options_fit(
    const unsigned char *data, unsigned long long pos, unsigned long long left, bint big
) noexcept nogil

@cython.locals(seconds="unsigned long long", part="unsigned long long", whole="long long", fraction="long long")
cdef long long nanoseconds(
    unsigned long long ticks, unsigned long long units, unsigned long long shrink, unsigned long long small,
    long long offset
) noexcept nogil


cdef class Walk:
    cdef public unsigned long long pos
    cdef public unsigned long long end
    cdef public unsigned int count
    cdef public unsigned int frame
    cdef public bint big
    cdef public int fault
    cdef public object link
    cdef public object least
    cdef public object most
    cdef public object snap
    cdef public object multiple
    cdef public object limit
    cdef public object add
    cdef public object units
    cdef public object shrink
    cdef public object small
    cdef public object offset

    @cython.locals(
        at="unsigned int[::1]", captured="unsigned int[::1]", length="unsigned int[::1]", ts="long long[::1]",
        link="unsigned short[::1]", frame="unsigned int[::1]",
        links="unsigned short[::1]", least="unsigned int[::1]", most="unsigned int[::1]", snap="unsigned int[::1]",
        multiple="unsigned long long[::1]", limit="unsigned long long[::1]", add="long long[::1]",
        units="unsigned long long[::1]", shrink="unsigned long long[::1]", small="unsigned long long[::1]",
        offset="long long[::1]",
        interfaces="unsigned long long", pos="unsigned long long", end="unsigned long long",
        here="unsigned long long", wire="unsigned long long", total="unsigned long long",
        padded="unsigned long long", fixed="unsigned long long", size="unsigned long long",
        ticks="unsigned long long", trailer="unsigned long long", high="unsigned long long", word="unsigned long long", interface="unsigned long long",
        kind="unsigned int", count="unsigned int", room="unsigned int", number="unsigned long long", big="bint", flip="bint",
        stop="int", fault="int",
    )
    cpdef int run(self, const unsigned char *data, const unsigned int[::1] words, object records) except -1
