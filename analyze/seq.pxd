# Types of seq.py for the compiled engine.
from libc.stdint cimport uint64_t

cdef uint64_t M32, HALF
cpdef uint64_t distance(uint64_t later, uint64_t earlier) noexcept
cpdef uint64_t after(uint64_t a, uint64_t b) noexcept
cpdef uint64_t advance(uint64_t seq, uint64_t count) noexcept
