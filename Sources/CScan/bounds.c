// The smallest and largest of numbers, eight at a time.
#include "bounds.h"

static inline int32_t number(const void *numbers, unsigned width, size_t place) {
  if (width == 1) return ((const int8_t *)numbers)[place];
  if (width == 2) return ((const int16_t *)numbers)[place];
  return ((const int32_t *)numbers)[place];
}

static inline void bound_rest(const void *numbers, unsigned width, size_t first, size_t count, const uint64_t *valid,
                              int32_t *low, int32_t *high) {
  int32_t least = *low, most = *high;
  for (size_t place = first; place < count; place++) {
    if (valid && !(valid[place / 64] >> (place % 64) & 1)) continue;
    int32_t x = number(numbers, width, place);
    if (x < least) least = x;
    if (x > most) most = x;
  }
  *low = least;
  *high = most;
}

void martlet_bounds_portable(const void *numbers, unsigned width, size_t count, const uint64_t *valid, int32_t *low,
                             int32_t *high) {
  *low = INT32_MAX;
  *high = INT32_MIN;
  bound_rest(numbers, width, 0, count, valid, low, high);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

TARGET static inline __m256i eight(const void *numbers, unsigned width, size_t place) {
  if (width == 1) return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)((const int8_t *)numbers + place)));
  if (width == 2) return _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)((const int16_t *)numbers + place)));
  return _mm256_loadu_si256((const __m256i *)((const int32_t *)numbers + place));
}

TARGET static inline __attribute__((always_inline)) void bound(const void *numbers, unsigned width, size_t blocks,
                                                               const uint64_t *valid, int32_t *low, int32_t *high) {
  __m256i none_low = _mm256_set1_epi32(INT32_MAX), none_high = _mm256_set1_epi32(INT32_MIN);
  __m256i least = none_low, most = none_high;
  __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  for (size_t block = 0; block < blocks; block++) {
    uint64_t word = valid ? valid[block] : ~0ull;
    for (unsigned part = 0; part < 8; part++) {
      __m256i x = eight(numbers, width, 64 * block + 8 * part), y = x;
      if (valid) {
        __m256i mine = _mm256_and_si256(_mm256_set1_epi32((int)(word >> 8 * part & 0xff)), bits);
        __m256i mask = _mm256_cmpeq_epi32(mine, bits);
        y = _mm256_blendv_epi8(none_high, x, mask);
        x = _mm256_blendv_epi8(none_low, x, mask);
      }
      least = _mm256_min_epi32(least, x);
      most = _mm256_max_epi32(most, y);
    }
  }
  int32_t lows[8], highs[8];
  _mm256_storeu_si256((__m256i *)lows, least);
  _mm256_storeu_si256((__m256i *)highs, most);
  for (unsigned lane = 0; lane < 8; lane++) {
    if (lows[lane] < *low) *low = lows[lane];
    if (highs[lane] > *high) *high = highs[lane];
  }
}

TARGET static void bound_any(const void *numbers, unsigned width, size_t blocks, const uint64_t *valid, int32_t *low,
                             int32_t *high) {
  if (width == 1) {
    bound(numbers, 1, blocks, valid, low, high);
  } else if (width == 2) {
    bound(numbers, 2, blocks, valid, low, high);
  } else if (valid) {
    bound(numbers, 4, blocks, valid, low, high);
  } else {
    bound(numbers, 4, blocks, 0, low, high);
  }
}

void martlet_bounds(const void *numbers, unsigned width, size_t count, const uint64_t *valid, int32_t *low, int32_t *high) {
  *low = INT32_MAX;
  *high = INT32_MIN;
  size_t blocks = __builtin_cpu_supports("avx2") ? count / 64 : 0;
  if (blocks) bound_any(numbers, width, blocks, valid, low, high);
  bound_rest(numbers, width, 64 * blocks, count, valid, low, high);
}

#else

void martlet_bounds(const void *numbers, unsigned width, size_t count, const uint64_t *valid, int32_t *low, int32_t *high) {
  martlet_bounds_portable(numbers, width, count, valid, low, high);
}

#endif
