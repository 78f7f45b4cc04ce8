// Memory that grows in place. malloc would do, were it not for its moving threshold: blocks of some megabytes come from arenas
// that copy when they grow, and keep what they copied from.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "room.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GLIBC__)
#include <malloc.h>

void martlet_room_trim(void) { malloc_trim(0); }
#else
void martlet_room_trim(void) {}
#endif

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

enum { LARGE = 1 << 20 };

void *martlet_room_resize(void *block, size_t old_bytes, size_t new_bytes) {
  if (!block) old_bytes = 0;
  if (old_bytes < LARGE && new_bytes < LARGE) return realloc(block, new_bytes ? new_bytes : 1);
  if (block && old_bytes >= LARGE && new_bytes >= LARGE) {
    void *moved = mremap(block, old_bytes, new_bytes, MREMAP_MAYMOVE);
    if (moved != MAP_FAILED) return moved;
    // What the system does not move as a whole is copied.
  }
  void *made;
  if (new_bytes >= LARGE) {
    made = mmap(NULL, new_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED) return NULL;
  } else {
    made = malloc(new_bytes ? new_bytes : 1);
    if (!made) return NULL;
  }
  if (block) {
    memcpy(made, block, old_bytes < new_bytes ? old_bytes : new_bytes);
    martlet_room_free(block, old_bytes);
  }
  return made;
}

void martlet_room_free(void *block, size_t bytes) {
  if (!block) return;
  if (bytes >= LARGE) {
    munmap(block, bytes);
  } else {
    free(block);
  }
}

#else

void *martlet_room_resize(void *block, size_t old_bytes, size_t new_bytes) {
  (void)old_bytes;
  return realloc(block, new_bytes ? new_bytes : 1);
}

void martlet_room_free(void *block, size_t bytes) {
  (void)bytes;
  free(block);
}

#endif

#if defined(__linux__)

void martlet_room_scattered(void *block, size_t bytes) {
  // Less than a few large pages gain nothing.
  if (bytes < (8u << 20)) return;
  // All pages of the block, and not the large ones in it alone: blocks whose pages are of two kinds cannot be moved.
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = ((uintptr_t)block + page - 1) & ~(page - 1), end = (uintptr_t)block + bytes;
  if (end > first) madvise((void *)first, end - first, MADV_HUGEPAGE);
}

#else

void martlet_room_scattered(void *block, size_t bytes) {
  (void)block;
  (void)bytes;
}

#endif
