// Finds separators outside quotes, 64 bytes at a time: three bit masks (delimiter, row end, quote), and the running exclusive
// or of the quotes' mask says which bytes stand within quotes. After Langdale and Lemire, "Parsing gigabytes of JSON per
// second" (2019), section 3.1.
#include "scan.h"

#include <string.h>

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

/// The place of the lowest bit; any number when there is none.
static inline uint32_t lowest_bit(uint64_t bits) {
#if defined(__x86_64__)
  // One instruction each. From the function for it the compiler makes vectors of eight, which take twice as long.
  uint64_t place;
  __asm__("rep bsfq %1, %0" : "=r"(place) : "r"(bits) : "cc");
  return (uint32_t)place;
#else
  return (uint32_t)__builtin_ctzll(bits | 1ull << 63);
#endif
}

/// The running exclusive or of bits, in some way.
typedef uint64_t (*prefix)(uint64_t bits);

/// The separators of a block that stand outside quotes, and those of them that end a row.
typedef struct {
  uint64_t separators, row_ends;
} marks;

/// Takes the masks of one block, of which `valid` bytes count. Where most blocks have `many` quotes, looking first whether one
/// has any costs more than it saves, as it cannot be foreseen.
static inline __attribute__((always_inline)) marks outside_quotes(masks m, uint64_t valid, martlet_scan_state *state,
                                                                  prefix prefix_of, int many) {
  uint64_t quote = m.quote & valid;
  uint64_t row_end = m.row_end & valid;
  uint64_t separators = (m.delimiter & valid) | row_end;
  if (many || (quote | state->within_quotes | state->after_closing)) {
    uint64_t inside = prefix_of(quote) ^ state->within_quotes;
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
  return (marks){separators, row_end};
}

/// Writes the places of all separators of a block.
static inline __attribute__((always_inline)) size_t write_all(marks m, uint32_t base, uint32_t *places,
                                                              martlet_scan_state *state) {
  uint64_t separators = m.separators;
  state->row_ends += (uint64_t)__builtin_popcountll(m.row_ends);
  size_t found = (size_t)__builtin_popcountll(separators);
  // Eight at a time, whether there are so many or not: what is written too much is written over by the next block, and a
  // branch that cannot be foreseen is saved.
  for (size_t done = 0; done < found; done += 8) {
    for (unsigned i = 0; i < 8; i++) {
      places[done + i] = base + lowest_bit(separators);
      separators &= separators - 1;
    }
  }
  return found;
}

/// Writes the places of the chosen separators of a block, and counts the others.
static inline __attribute__((always_inline)) size_t write_chosen(marks m, martlet_choice choice, uint32_t base,
                                                                 uint32_t *places, martlet_scan_state *state) {
  uint64_t separators = m.separators;
  uint64_t left = (uint64_t)__builtin_popcountll(separators);
  size_t found = 0;
  while (state->field + left > choice.fields[state->chosen]) {
    uint64_t skipped = choice.fields[state->chosen] - state->field;
    uint64_t rest = separators;
    for (uint64_t i = 0; i < skipped; i++) rest &= rest - 1;
    uint64_t bit = rest & (0 - rest);
    int is_last = state->chosen + 1 == choice.count;
    state->ragged |= (separators & ~rest & m.row_ends) | (uint64_t)(((m.row_ends & bit) != 0) != is_last);
    places[found++] = base + lowest_bit(rest);
    separators = rest ^ bit;
    left -= skipped + 1;
    state->field = is_last ? 0 : state->field + skipped + 1;
    state->chosen = is_last ? 0 : state->chosen + 1;
    state->row_ends += (uint64_t)is_last;
  }
  state->field += left;
  state->ragged |= separators & m.row_ends;
  return found;
}

static inline __attribute__((always_inline)) size_t write_marks(marks m, martlet_choice choice, uint32_t base,
                                                                uint32_t *places, martlet_scan_state *state, int all) {
  return all ? write_all(m, base, places, state) : write_chosen(m, choice, base, places, state);
}

/// A short last block: its carries are those behind its last byte, not behind the 64th.
static inline __attribute__((always_inline)) marks last_outside_quotes(masks m, unsigned count,
                                                                       martlet_scan_state *state) {
  uint64_t valid = (1ull << count) - 1;
  uint64_t inside = prefix_xor(m.quote & valid) ^ state->within_quotes;
  uint64_t last = 1ull << (count - 1);
  marks found = outside_quotes(m, valid, state, prefix_xor, 0);
  state->within_quotes = inside & last ? ~0ull : 0;
  state->after_separator = found.separators & last ? 1 : 0;
  state->after_closing = m.quote & last & ~inside ? 1 : 0;
  return found;
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

/// Counts the separators of a block in which no row ends, no quote stands and no chosen one is met, if it is such a block.
static inline int passes_none(const uint8_t *bytes, uint8_t delimiter, uint8_t row_end, martlet_choice choice,
                              martlet_scan_state *state) {
  (void)bytes, (void)delimiter, (void)row_end, (void)choice, (void)state;
  return 0;
}

// The state is a variable of its own in the loop, which stays in registers.
#define SCAN_LOOP(MASKS, PREFIX, MANY, ALL, PASSES)                                                             \
  martlet_scan_state now = *state;                                                                              \
  size_t found = 0, at = 0;                                                                                     \
  for (; at + 64 <= count; at += 64) {                                                                          \
    if (PASSES(bytes + at, delimiter, row_end, choice, &now)) continue;                                         \
    masks m = MASKS(bytes + at, delimiter, row_end, MANY || now.after_closing != 0);                            \
    now.quotes += (uint64_t)(m.quote != 0);                                                                     \
    marks block = outside_quotes(m, ~0ull, &now, PREFIX, MANY);                                                 \
    found += write_marks(block, choice, base + (uint32_t)at, places + found, &now, ALL);                        \
  }                                                                                                             \
  if (at < count) {                                                                                             \
    masks m = MASKS(bytes + at, delimiter, row_end, MANY || now.after_closing != 0);                            \
    marks block = last_outside_quotes(m, (unsigned)(count - at), &now);                                         \
    found += write_marks(block, choice, base + (uint32_t)at, places + found, &now, ALL);                        \
  }                                                                                                             \
  *state = now;                                                                                                 \
  return found;

size_t martlet_scan_portable(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                             martlet_choice choice, uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(portable_masks, prefix_xor, 0, choice.count == 0, passes_none)
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

__attribute__((target("avx2,bmi,popcnt"))) static inline int passes_avx2(const uint8_t *bytes, uint8_t delimiter,
                                                                         uint8_t row_end, martlet_choice choice,
                                                                         martlet_scan_state *state) {
  __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
  __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  __m256i ends = _mm256_set1_epi8((char)row_end), quotes = _mm256_set1_epi8('"');
  __m256i special = _mm256_or_si256(
      _mm256_or_si256(_mm256_cmpeq_epi8(low, ends), _mm256_cmpeq_epi8(high, ends)),
      _mm256_or_si256(_mm256_cmpeq_epi8(low, quotes), _mm256_cmpeq_epi8(high, quotes)));
  uint64_t separators = mask64(low, high, delimiter);
  uint64_t field = state->field + (uint64_t)__builtin_popcountll(separators);
  int is_special = !_mm256_testz_si256(special, special);
  if (is_special | (field > choice.fields[state->chosen]) | ((state->within_quotes | state->after_closing) != 0)) return 0;
  state->field = field;
  state->after_separator = separators >> 63;
  return 1;
}

/// The running exclusive or is the product without carries with a number of nothing but ones.
__attribute__((target("avx2,bmi,popcnt,pclmul"))) static inline uint64_t prefix_clmul(uint64_t bits) {
  __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)bits), _mm_set1_epi8(-1), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t scan_avx2(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base, martlet_choice choice,
    uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(avx2_masks, prefix_xor, 0, 1, passes_none)
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t scan_avx2_chosen(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base, martlet_choice choice,
    uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(avx2_masks, prefix_xor, 0, 0, passes_avx2)
}

__attribute__((target("avx2,bmi,popcnt,pclmul"))) static size_t scan_avx2_quoted(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base, martlet_choice choice,
    uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(avx2_masks, prefix_clmul, 1, 1, passes_none)
}

__attribute__((target("avx2,bmi,popcnt,pclmul"))) static size_t scan_avx2_quoted_chosen(
    const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base, martlet_choice choice,
    uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(avx2_masks, prefix_clmul, 1, 0, passes_none)
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
                        martlet_choice choice, uint32_t *places, martlet_scan_state *state) {
  SCAN_LOOP(sse2_masks, prefix_xor, 0, choice.count == 0, passes_none)
}

size_t martlet_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                    martlet_choice choice, uint32_t *places, martlet_scan_state *state) {
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt")) {
    // What was read before tells how often quotes are met.
    int many = state->quotes * 16 > state->blocks && __builtin_cpu_supports("pclmul");
    state->quotes = 0;
    state->blocks = count / 64;
    if (choice.count > 0) {
      return (many ? scan_avx2_quoted_chosen : scan_avx2_chosen)(bytes, count, delimiter, row_end, base, choice, places,
                                                                 state);
    }
    return (many ? scan_avx2_quoted : scan_avx2)(bytes, count, delimiter, row_end, base, choice, places, state);
  }
  return scan_sse2(bytes, count, delimiter, row_end, base, choice, places, state);
}

#else

size_t martlet_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t row_end, uint32_t base,
                    martlet_choice choice, uint32_t *places, martlet_scan_state *state) {
  return martlet_scan_portable(bytes, count, delimiter, row_end, base, choice, places, state);
}

#endif
