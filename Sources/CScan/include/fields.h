#ifndef MARTLET_FIELDS_H
#define MARTLET_FIELDS_H

#include <stddef.h>
#include <stdint.h>

/// One column of some rows of delimited text, as places in a buffer that has 16 readable bytes before and behind the text.
typedef struct {
  const uint8_t *base;
  /// Row by row, for each field the place of the separator behind it.
  const uint32_t *ends;
  /// For each row the place of its first byte.
  const uint32_t *starts;
  /// Fields of a row, and which of them is meant.
  size_t columns, column;
  /// Whether a carriage return before a row's end belongs to that end.
  int drops_return;
} martlet_fields;

/// Places of fields without a text, counted from the first row that was asked for.
typedef struct {
  uint32_t *rows;
  size_t count;
} martlet_gaps;

/// Reads plain numbers of up to eight characters from the rows `first` to `rows`, times ten to the power of `scale`, and
/// notes the empty fields, which become zero. Ends before the first four rows of which one is anything else (longer, a label
/// with leading zeros, minus zero, another way to write numbers) and gives the row at which it ended. `decimal` is the decimal
/// sign; zero when there must be none. Does nothing where the processor has no wide instructions.
size_t martlet_read_numbers(martlet_fields fields, size_t first, size_t rows, uint8_t decimal, unsigned scale, int32_t *out,
                            martlet_gaps *gaps);

/// A month: the text `2011-12-` that it is written as, the days since 1970-01-01 of its first day, and how many it has; none
/// when it has none.
typedef struct {
  uint64_t text;
  int32_t first;
  uint32_t days;
} martlet_month;

/// The months that were read last, each in the slot that its text says.
typedef struct {
  martlet_month slots[64];
} martlet_months;

/// Reads `2011-12-09`, `2011-12-09 12:50` and `2011-12-09 12:50:00` (or with a T) from the rows `first` to `rows` as seconds
/// since 1970-01-01T00:00, and notes the empty fields, which become zero. Ends at the first row of another layout, or a moment
/// that 32 bits do not hold, and gives that row. `has_time` is set when a time of day was met.
size_t martlet_read_moments(martlet_fields fields, size_t first, size_t rows, int32_t *out, martlet_gaps *gaps,
                            martlet_months *months, int *has_time);

#endif
