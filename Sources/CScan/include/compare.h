#ifndef MARTLET_COMPARE_H
#define MARTLET_COMPARE_H

#include <stddef.h>
#include <stdint.h>

/// For each of `count` signed numbers of `width` bytes (1, 2 or 4) a bit that says whether it lies from `low` to `high`, both
/// included; 64 numbers a word, the first in the lowest bit, the rest of the last word zero. Gives how many lie below `low`.
size_t martlet_mark_between(const void *numbers, unsigned width, size_t count, int32_t low, int32_t high, uint64_t *words);

/// The same by plain arithmetic, which `martlet_mark_between` falls back to where the processor has no wide instructions.
size_t martlet_mark_between_portable(const void *numbers, unsigned width, size_t count, int32_t low, int32_t high,
                                     uint64_t *words);

#endif
