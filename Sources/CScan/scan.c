// Finds separators outside quotes, 64 bytes at a time: three bit masks (delimiter, row end, quote), and the running exclusive
// or of the quotes' mask says which bytes stand within quotes. After Langdale and Lemire, "Parsing gigabytes of JSON per
// second" (2019), section 3.1.
#include "scan.h"

#include <string.h>

/// Writes the places of the set bits, and gives their number.
static inline __attribute__((always_inline)) size_t write_bits(uint64_t separators, uint32_t base, uint32_t *places) {
  size_t found = (size_t)__builtin_popcountll(separators);
  // Eight at a time, whether there are so many or not: what is written too much is written over by the next block, and a
  // branch that cannot be foreseen is saved.
  for (size_t done = 0; done < found; done += 8) {
    for (unsigned i = 0; i < 8; i++) {
      // The highest bit stands in for none, because there is no first bit of nothing.
      places[done + i] = base + (uint32_t)__builtin_ctzll(separators | 1ull << 63);
      separators &= separators - 1;
    }
  }
  return found;
}

/// The masks of 64 bytes.
typedef struct {
  uint64_t delimiter, row_end, quote, carriage_return;
} masks;

static inline uint64_t prefix_xor(uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

/// Takes the masks of one block, of which `valid` bytes count; gives the separators outside quotes.
static inline __attribute__((always_inline)) uint64_t take(masks m, uint64_t valid, martlet_scan_state *state) {
  uint64_t quote = m.quote & valid;
  uint64_t row_end = m.row_end & valid;
  uint64_t separators = (m.delimiter & valid) | row_end;
  if (quote | state->within_quotes | state->after_closing) {
    uint64_t inside = prefix_xor(quote) ^ state->within_quotes;
    uint64_t opening = quote & inside;
    uint64_t closing = quote & ~inside;
    separators &= ~inside;
    row_end &= ~inside;
    uint64_t behind_separator = separators << 1 | state->after_separator;
    uint64_t behind_closing = closing << 1 | state->after_closing;
    state->stray |= opening & ~(behind_separator | behind_closing);
    state->stray |= behind_closing & valid & ~(separators | quote | m.carriage_return);
    state->within_quotes = (uint64_t)((int64_t)inside >> 63);
    state->after_closing = closing >> 63;
  }
  state->after_separator = separators >> 63;
  state->row_ends += (uint64_t)__builtin_popcountll(row_end);

  return separators;
}

/// A short last block: its carries are those behind its last byte, not behind the 64th.
static inline __attribute__((always_inline)) uint64_t take_last(masks m, unsigned count, martlet_scan_state *state) {
  uint64_t valid = (1ull << count) - 1;
  uint64_t inside = prefix_xor(m.quote & valid) ^ state->within_quotes;
  uint64_t last = 1ull << (count - 1);
  uint64_t separators = ((m.delimiter | m.row_end) & valid) & ~inside;
  uint64_t closing = m.quote & valid & ~inside;
  uint64_t taken = take(m, valid, state);
  state->within_quotes = inside & last ? ~0ull : 0;
  state->after_separator = separators & last ? 1 : 0;
  state->after_closing = closing & last ? 1 : 0;
  return taken;
}

/// The top bit of each byte that equals the pattern's byte, gathered into eight bits.
static inline uint64_t equal_bytes(uint64_t word, uint8_t byte) {
  uint64_t difference = word ^ (0x0101010101010101ull * byte);
  uint64_t low = 0x7f7f7f7f7f7f7f7full;
  uint64_t zero = ~(((difference & low) + low) | difference | low);
  return ((zero >> 7) * 0x0102040810204080ull) >> 56;
}

static inline masks portable_masks(const uint8_t *bytes, uint8_t delimiter, uint8_t row_end, int quoted) {
  (void)quoted;
  masks m = {0, 0, 0, 0};
  for (unsigned i = 0; i < 8; i++) {
    uint64_t word;
    memcpy(&word, bytes + 8 * i, 8);
    m.delimiter |= equal_bytes(word, delimiter) << (8 * i);
    m.row_end |= equal_bytes(word, row_end) << (8 * i);
    m.quote |= equal_bytes(word, '"') << (8 * i);
    m.carriage_return |= equal_bytes(word, '\r') << (8 * i);
  }
  return m;
}

#define SCAN_LOOP(MASKS, WRITE)                                                              \
  size_t found = 0, at = 0;                                                                  \
  for (; at + 64 <= count; at += 64) {                                                       \
    masks m = MASKS(bytes + at, delimiter, row_end, state->after_closing != 0);              \
    found += WRITE(take(m, ~0ull, state), base + (uint32_t)at, places + found);              \
  }                                                                                          \
  if (at < count) {                                                                          \
    masks m = MASKS(bytes + at, delimiter, row_end, state->after_closing != 0);              \
    uint64_t last = take_last(m, (unsigned)(count - at), state);                             \
    found += WRITE(last, base + (uint32_t)at, places + found);                               \
  }                                                                                          \
  return found;

size_t martlet_scan_portable(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                             uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(portable_masks, write_bits)
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2,bmi,popcnt"))) static inline uint64_t mask64(__m256i low, __m256i high, uint8_t byte) {
  __m256i pattern = _mm256_set1_epi8((char)byte);
  uint64_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
  uint64_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
  return a | b << 32;
}

__attribute__((target("avx2,bmi,popcnt"))) static inline masks avx2_masks(const uint8_t *bytes, uint8_t delimiter,
                                                                          uint8_t row_end, int quoted) {
  __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
  __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  masks m = {mask64(low, high, delimiter), mask64(low, high, row_end), mask64(low, high, '"'), 0};
  if (m.quote || quoted) m.carriage_return = mask64(low, high, '\r');
  return m;
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t scan_avx2(const uint8_t *bytes, size_t count,
                                                                   uint8_t delimiter, uint8_t row_end, uint32_t base,
                                                                   uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(avx2_masks, write_bits)
}

#define AVX512 "avx512f,avx512bw,avx512vbmi2,avx512vl,bmi,popcnt"

/// The places of the set bits, gathered by one instruction and written sixteen at a time.
__attribute__((target(AVX512))) static inline size_t write_places(uint64_t separators, uint32_t base,
                                                                  uint32_t *places) {
  size_t found = (size_t)__builtin_popcountll(separators);
  const __m512i numbers = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35,
      34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4,
      3, 2, 1, 0);
  __m512i gathered = _mm512_maskz_compress_epi8(separators, numbers);
  const __m512i first = _mm512_set1_epi32((int)base);
  _mm512_storeu_si512(places, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(gathered))));
  if (found <= 16) return found;
  _mm512_storeu_si512(places + 16,
                      _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(gathered, 1))));
  if (found <= 32) return found;
  _mm512_storeu_si512(places + 32,
                      _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(gathered, 2))));
  _mm512_storeu_si512(places + 48,
                      _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(gathered, 3))));
  return found;
}

__attribute__((target(AVX512))) static inline masks avx512_masks(const uint8_t *bytes, uint8_t delimiter,
                                                                 uint8_t row_end, int quoted) {
  __m512i block = _mm512_loadu_si512(bytes);
  masks m = {_mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)delimiter)),
             _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)row_end)),
             _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"')), 0};
  if (m.quote || quoted) m.carriage_return = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\r'));
  return m;
}

__attribute__((target(AVX512))) static size_t scan_avx512(const uint8_t *bytes, size_t count, uint8_t delimiter,
                                                          uint8_t row_end, uint32_t base, uint32_t *places,
                                                          martlet_scan_state *state) {
  SCAN_LOOP(avx512_masks, write_places)
}

static inline uint64_t mask64_sse2(const uint8_t *bytes, uint8_t byte) {
  uint64_t mask = 0;
  __m128i pattern = _mm_set1_epi8((char)byte);
  for (unsigned i = 0; i < 4; i++) {
    __m128i block = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, pattern)) << (16 * i);
  }
  return mask;
}

static inline masks sse2_masks(const uint8_t *bytes, uint8_t delimiter, uint8_t row_end, int quoted) {
  (void)quoted;
  masks m = {mask64_sse2(bytes, delimiter), mask64_sse2(bytes, row_end), mask64_sse2(bytes, '"'),
             mask64_sse2(bytes, '\r')};
  return m;
}

static size_t scan_sse2(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                        uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(sse2_masks, write_bits)
}

size_t martlet_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                    uint32_t *places, martlet_scan_state *state) {
  if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return scan_avx512(bytes, count, delimiter, row_end, base, places, state);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
    return scan_avx2(bytes, count, delimiter, row_end, base, places, state);
  return scan_sse2(bytes, count, delimiter, row_end, base, places, state);
}

#else

size_t martlet_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                    uint32_t *places, martlet_scan_state *state) {
  return martlet_scan_portable(bytes, count, delimiter, row_end, base, places, state);
}

#endif
