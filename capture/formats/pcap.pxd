cimport cython
from libc.stdint cimport int64_t, uint8_t, uint64_t

from finrst.capture.inline cimport be32, le32

cdef uint64_t M32

cdef inline unsigned int u32(const unsigned char *data, unsigned long long pos, bint big) noexcept nogil


cdef class Walk:
    cdef public unsigned long long pos
    cdef public unsigned long long end
    cdef public unsigned int count
    cdef public unsigned int frame
    cdef public bint big
    cdef public unsigned int head
    cdef public unsigned int pad
    cdef public unsigned int swap
    cdef public unsigned int unit
    cdef public unsigned int least
    cdef public unsigned int most
    cdef public unsigned int link

    @cython.locals(
        at="unsigned int[::1]", captured="unsigned int[::1]", length="unsigned int[::1]", ts="long long[::1]",
        link="unsigned short[::1]", frame="unsigned int[::1]",
        pos="unsigned long long", end="unsigned long long", here="unsigned long long", wire="unsigned long long",
        seconds="unsigned long long", fraction="unsigned long long",
        count="unsigned int", room="unsigned int", head="unsigned int", pad="unsigned int", least="unsigned int",
        most="unsigned int", number="unsigned long long", big="bint", stop="int",
    )
    cpdef int run(self, const unsigned char *data, object records) except -1
