#ifndef MARTLET_ROOM_H
#define MARTLET_ROOM_H

#include <stddef.h>

/// Makes a block larger or smaller and keeps its contents; begins one when there is none. Large blocks are moved by their
/// pages where the system can, so that the old and the new one are never resident together, and pages that nothing was
/// written to cost nothing. Null when there is no more memory.
void *martlet_room_resize(void *block, size_t old_bytes, size_t new_bytes);

/// Says that a large block will be reached into at any place: the system may give it pages of another size, of which it finds
/// the address faster. Before anything is written there.
void martlet_room_scattered(void *block, size_t bytes);

/// Gives all memory that was freed and is kept for the next time back to the system, where the system keeps any.
void martlet_room_trim(void);

/// Gives a block of so many bytes back.
void martlet_room_free(void *block, size_t bytes);

#endif
