#ifndef MARTLET_PRODUCTS_H
#define MARTLET_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

/// Signed numbers of 1, 2 or 4 bytes; each divided by a power of ten is the value. 1 is a divisor too.
typedef struct {
  const void *numbers;
  unsigned width;
  double divisor;
} martlet_factor;

/// Writes the products of the values of two columns, each value rounded to a double before.
void martlet_multiply(martlet_factor a, martlet_factor b, size_t count, double *out);

/// The same by plain arithmetic, which `martlet_multiply` falls back to where the processor has no wide instructions.
void martlet_multiply_portable(martlet_factor a, martlet_factor b, size_t count, double *out);

#endif
