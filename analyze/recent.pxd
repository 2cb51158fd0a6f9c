# Types of recent.py for the compiled engine.
cimport cython
from libc.stdint cimport int64_t, uint32_t, uint64_t

cdef uint64_t FIRST_SIZE, LAST_SIZE, WORDS, FRAME, SEQ, END, ACK, OWNER, BEFORE, NEXT, M32

@cython.final
cdef class Recent:
    cdef public uint64_t mask, noted
    cdef cython.uint[::1] words
    cdef cython.longlong[::1] times

    @cython.locals(serial=uint64_t, at=uint64_t)
    cpdef uint64_t note(self, uint64_t owner, uint64_t before, uint64_t frame, int64_t ts, uint64_t seq, uint64_t end, uint64_t ack) except? 0xFFFFFFFFFFFFFFFF
    @cython.locals(at=uint64_t, before=uint64_t)
    cpdef void link(self, uint64_t first, uint64_t last, uint64_t owner) noexcept
    cpdef uint64_t holds(self, uint64_t serial, uint64_t owner) noexcept
    cpdef uint64_t frame(self, uint64_t serial) noexcept
    cpdef uint64_t seq(self, uint64_t serial) noexcept
    cpdef uint64_t end(self, uint64_t serial) noexcept
    cpdef uint64_t ack(self, uint64_t serial) noexcept
    cpdef uint64_t before(self, uint64_t serial) noexcept
    cpdef uint64_t following(self, uint64_t serial) noexcept
    cpdef int64_t time(self, uint64_t serial) noexcept
    cpdef void answered(self, uint64_t serial) noexcept
    @cython.locals(size=uint64_t, words=cython.uint[::1], times=cython.longlong[::1], i=uint64_t)
    cdef object grow(self)
