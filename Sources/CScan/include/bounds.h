#ifndef MARTLET_BOUNDS_H
#define MARTLET_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

/// The smallest and largest of `count` signed numbers of `width` bytes (1, 2 or 4). With `valid`, only those whose bit is set
/// count, 64 a word, the first in the lowest bit. `low` is above `high` when there is none.
void martlet_bounds(const void *numbers, unsigned width, size_t count, const uint64_t *valid, int32_t *low, int32_t *high);

/// The same by plain arithmetic, which `martlet_bounds` falls back to where the processor has no wide instructions.
void martlet_bounds_portable(const void *numbers, unsigned width, size_t count, const uint64_t *valid, int32_t *low,
                             int32_t *high);

#endif
