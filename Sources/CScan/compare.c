// Holds numbers against two limits, 32 bytes of them at a time.
#include "compare.h"

static inline int32_t number(const void *numbers, unsigned width, size_t place) {
  if (width == 1) return ((const int8_t *)numbers)[place];
  if (width == 2) return ((const int16_t *)numbers)[place];
  return ((const int32_t *)numbers)[place];
}

static inline size_t mark_rest(const void *numbers, unsigned width, size_t first, size_t count, int32_t low, int32_t high,
                               uint64_t *words) {
  size_t below = 0;
  for (size_t start = first; start < count; start += 64) {
    size_t end = count - start < 64 ? count : start + 64;
    uint64_t word = 0;
    for (size_t place = start; place < end; place++) {
      int32_t x = number(numbers, width, place);
      word |= (uint64_t)((x >= low) & (x <= high)) << (place - start);
      below += x < low;
    }
    words[start / 64] = word;
  }
  return below;
}

size_t martlet_mark_between_portable(const void *numbers, unsigned width, size_t count, int32_t low, int32_t high,
                                     uint64_t *words) {
  return mark_rest(numbers, width, 0, count, low, high, words);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,popcnt")))

TARGET static size_t mark_bytes(const int8_t *numbers, size_t blocks, int32_t low, int32_t high, uint64_t *words) {
  __m256i least = _mm256_set1_epi8((char)low), most = _mm256_set1_epi8((char)high);
  size_t below = 0;
  for (size_t block = 0; block < blocks; block++) {
    uint64_t outside = 0;
    for (unsigned part = 0; part < 2; part++) {
      __m256i x = _mm256_loadu_si256((const __m256i *)(numbers + 64 * block + 32 * part));
      __m256i under = _mm256_cmpgt_epi8(least, x);
      below += (size_t)__builtin_popcount((unsigned)_mm256_movemask_epi8(under));
      uint64_t mask = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(under, _mm256_cmpgt_epi8(x, most)));
      outside |= mask << (32 * part);
    }
    words[block] = ~outside;
  }
  return below;
}

TARGET static size_t mark_halves(const int16_t *numbers, size_t blocks, int32_t low, int32_t high, uint64_t *words) {
  __m256i least = _mm256_set1_epi16((short)low), most = _mm256_set1_epi16((short)high);
  size_t below = 0;
  for (size_t block = 0; block < blocks; block++) {
    uint64_t outside = 0;
    for (unsigned part = 0; part < 2; part++) {
      const int16_t *from = numbers + 64 * block + 32 * part;
      __m256i x = _mm256_loadu_si256((const __m256i *)from), y = _mm256_loadu_si256((const __m256i *)(from + 16));
      __m256i a = _mm256_cmpgt_epi16(least, x), b = _mm256_cmpgt_epi16(least, y);
      // Packing goes by halves of 16 bytes, which stand in another order afterwards.
      __m256i under = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xd8);
      __m256i over = _mm256_permute4x64_epi64(
          _mm256_packs_epi16(_mm256_cmpgt_epi16(x, most), _mm256_cmpgt_epi16(y, most)), 0xd8);
      below += (size_t)__builtin_popcount((unsigned)_mm256_movemask_epi8(under));
      uint64_t mask = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(under, over));
      outside |= mask << (32 * part);
    }
    words[block] = ~outside;
  }
  return below;
}

TARGET static size_t mark_words(const int32_t *numbers, size_t blocks, int32_t low, int32_t high, uint64_t *words) {
  __m256i least = _mm256_set1_epi32(low), most = _mm256_set1_epi32(high);
  size_t below = 0;
  for (size_t block = 0; block < blocks; block++) {
    uint64_t outside = 0;
    __m256i counts = _mm256_setzero_si256();
    for (unsigned part = 0; part < 8; part++) {
      __m256i x = _mm256_loadu_si256((const __m256i *)(numbers + 64 * block + 8 * part));
      __m256i under = _mm256_cmpgt_epi32(least, x);
      counts = _mm256_sub_epi32(counts, under);
      __m256i out = _mm256_or_si256(under, _mm256_cmpgt_epi32(x, most));
      outside |= (uint64_t)(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(out)) << (8 * part);
    }
    __m256i sums = _mm256_sad_epu8(counts, _mm256_setzero_si256());
    below += (size_t)(_mm256_extract_epi64(sums, 0) + _mm256_extract_epi64(sums, 1) + _mm256_extract_epi64(sums, 2) +
                      _mm256_extract_epi64(sums, 3));
    words[block] = ~outside;
  }
  return below;
}

size_t martlet_mark_between(const void *numbers, unsigned width, size_t count, int32_t low, int32_t high, uint64_t *words) {
  // Limits that the width does not hold would be cut off.
  int32_t most = width == 1 ? INT8_MAX : width == 2 ? INT16_MAX : INT32_MAX;
  int fits = low >= -most - 1 && low <= most && high >= -most - 1 && high <= most;
  if (!fits || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt"))
    return mark_rest(numbers, width, 0, count, low, high, words);
  size_t blocks = count / 64, below;
  if (width == 1) {
    below = mark_bytes(numbers, blocks, low, high, words);
  } else if (width == 2) {
    below = mark_halves(numbers, blocks, low, high, words);
  } else {
    below = mark_words(numbers, blocks, low, high, words);
  }
  return below + mark_rest(numbers, width, 64 * blocks, count, low, high, words);
}

#else

size_t martlet_mark_between(const void *numbers, unsigned width, size_t count, int32_t low, int32_t high, uint64_t *words) {
  return mark_rest(numbers, width, 0, count, low, high, words);
}

#endif
