// Products of whole numbers and decimals, four at a time.
#include "products.h"

static inline int32_t number(const void *numbers, unsigned width, size_t place) {
  if (width == 1) return ((const int8_t *)numbers)[place];
  if (width == 2) return ((const int16_t *)numbers)[place];
  return ((const int32_t *)numbers)[place];
}

static inline void multiply_rest(martlet_factor a, martlet_factor b, size_t first, size_t count, double *out) {
  for (size_t place = first; place < count; place++)
    out[place] = (number(a.numbers, a.width, place) / a.divisor) * (number(b.numbers, b.width, place) / b.divisor);
}

void martlet_multiply_portable(martlet_factor a, martlet_factor b, size_t count, double *out) {
  multiply_rest(a, b, 0, count, out);
}

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

TARGET INLINE __m256d four(const void *numbers, unsigned width, size_t place) {
  __m128i x;
  if (width == 1) {
    int32_t bytes;
    memcpy(&bytes, (const int8_t *)numbers + place, 4);
    x = _mm_cvtepi8_epi32(_mm_cvtsi32_si128(bytes));
  } else if (width == 2) {
    x = _mm_cvtepi16_epi32(_mm_loadl_epi64((const __m128i *)((const int16_t *)numbers + place)));
  } else {
    x = _mm_loadu_si128((const __m128i *)((const int32_t *)numbers + place));
  }
  return _mm256_cvtepi32_pd(x);
}

// The quotient to the last bit without a division: the product with the reciprocal is off by one unit in the last place at
// most, and one step of correction by the exact remainder rounds it as a division would (Markstein 1990).
TARGET INLINE __m256d divided(__m256d x, __m256d divisor, __m256d reciprocal) {
  __m256d guess = _mm256_mul_pd(x, reciprocal);
  __m256d rest = _mm256_fnmadd_pd(guess, divisor, x);
  return _mm256_fmadd_pd(rest, reciprocal, guess);
}

TARGET INLINE void multiply(martlet_factor a, unsigned a_width, int a_whole, martlet_factor b, unsigned b_width, int b_whole,
                            size_t count, double *out) {
  __m256d a_by = _mm256_set1_pd(a.divisor), a_times = _mm256_set1_pd(1 / a.divisor);
  __m256d b_by = _mm256_set1_pd(b.divisor), b_times = _mm256_set1_pd(1 / b.divisor);
  for (size_t place = 0; place < count; place += 4) {
    __m256d x = four(a.numbers, a_width, place), y = four(b.numbers, b_width, place);
    if (!a_whole) x = divided(x, a_by, a_times);
    if (!b_whole) y = divided(y, b_by, b_times);
    _mm256_storeu_pd(out + place, _mm256_mul_pd(x, y));
  }
}

TARGET INLINE void multiply_any(martlet_factor a, int a_whole, martlet_factor b, int b_whole, size_t count, double *out) {
  switch (a.width * 8 + b.width) {
  case 1 * 8 + 1: return multiply(a, 1, a_whole, b, 1, b_whole, count, out);
  case 1 * 8 + 2: return multiply(a, 1, a_whole, b, 2, b_whole, count, out);
  case 1 * 8 + 4: return multiply(a, 1, a_whole, b, 4, b_whole, count, out);
  case 2 * 8 + 1: return multiply(a, 2, a_whole, b, 1, b_whole, count, out);
  case 2 * 8 + 2: return multiply(a, 2, a_whole, b, 2, b_whole, count, out);
  case 2 * 8 + 4: return multiply(a, 2, a_whole, b, 4, b_whole, count, out);
  case 4 * 8 + 1: return multiply(a, 4, a_whole, b, 1, b_whole, count, out);
  case 4 * 8 + 2: return multiply(a, 4, a_whole, b, 2, b_whole, count, out);
  default: return multiply(a, 4, a_whole, b, 4, b_whole, count, out);
  }
}

TARGET static void multiply_wide(martlet_factor a, martlet_factor b, size_t count, double *out) {
  int a_whole = a.divisor == 1, b_whole = b.divisor == 1;
  if (a_whole && !b_whole) {
    multiply_any(a, 1, b, 0, count, out);
  } else if (!a_whole && b_whole) {
    multiply_any(a, 0, b, 1, count, out);
  } else {
    multiply_any(a, 0, b, 0, count, out);
  }
}

void martlet_multiply(martlet_factor a, martlet_factor b, size_t count, double *out) {
  size_t most = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? count & ~(size_t)3 : 0;
  if (most) multiply_wide(a, b, most, out);
  multiply_rest(a, b, most, count, out);
}

#else

void martlet_multiply(martlet_factor a, martlet_factor b, size_t count, double *out) {
  multiply_rest(a, b, 0, count, out);
}

#endif
