#ifndef MARTLET_SCAN_H
#define MARTLET_SCAN_H

#include <stddef.h>
#include <stdint.h>

/// What a scan of delimited text carries from one call to the next.
typedef struct {
  /// All ones while the next byte stands within quotes, else zero.
  uint64_t within_quotes;
  /// 1 when the last byte was a separator, or none came yet: a quote may open a field here.
  uint64_t after_separator;
  /// 1 when the last byte was a quote that closed a field.
  uint64_t after_closing;
  /// Row ends found so far.
  uint64_t row_ends;
  /// Not zero when a quote stood within a bare field, or text behind a closing one: quotes are no guide then.
  uint64_t stray;
  /// Of the blocks of 64 bytes that the last call read, how many hold a quote.
  uint64_t blocks, quotes;
  /// Where only chosen separators are written: the fields of the row that have ended, the chosen ones among them, and not
  /// zero when a row had more or fewer fields than the choice says. The scan is at its end then.
  uint64_t field, chosen, ragged;
} martlet_scan_state;

/// The fields of a row, from zero on and rising, behind which the separator's place is wanted. The last is the last of the
/// row. With a count of zero all are wanted, and rows may be of any length.
typedef struct {
  const uint32_t *fields;
  size_t count;
} martlet_choice;

/// The state at the beginning of a row.
static inline martlet_scan_state martlet_scan_start(void) {
  martlet_scan_state state = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  return state;
}

/// Asks for the memory at a place, which will be needed soon.
static inline void martlet_prefetch(const void *place) { __builtin_prefetch(place); }

/// Writes the places of the chosen delimiters and row ends outside quotes among `count` bytes, each with `base` added, and
/// gives their number. `places` must have room for `count + 8` entries; 64 bytes behind the text must be readable.
size_t martlet_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                    martlet_choice choice, uint32_t *places, martlet_scan_state *state);

/// The same by plain 64-bit arithmetic, which `martlet_scan` falls back to where the processor has no wide instructions.
size_t martlet_scan_portable(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                             martlet_choice choice, uint32_t *places, martlet_scan_state *state);

#endif
