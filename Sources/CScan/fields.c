// Reads columns of numbers and moments whose texts are short and plain, as most are; whatever else a field may hold is left
// to the caller. Numbers are read four rows at a time, each in a lane of eight bytes: the last eight bytes of the field, with
// what stands before it made zero, are digits from the front to the back, which two multiplications add up (Langdale and
// Lemire, "Parsing gigabytes of JSON per second", 2019; Lemire, "Quickly parsing eight digits", 2018).
#include "fields.h"

#include <string.h>

typedef struct {
  uint32_t start, count;
} place;

/// The column is in the middle of the row, or at an edge, where finding its fields takes more.
static inline int is_inner(const martlet_fields *f) {
  return f->column > 0 && (f->column < f->columns - 1 || !f->drops_return);
}

static inline __attribute__((always_inline)) place find(const martlet_fields *f, size_t row, int inner) {
  size_t at = row * f->columns + f->column;
  if (inner) {
    uint32_t start = f->ends[at - 1] + 1;
    return (place){start, f->ends[at] - start};
  }
  uint32_t start = f->column == 0 ? f->starts[row] : f->ends[at - 1] + 1;
  uint32_t end = f->ends[at];
  if (f->column == f->columns - 1 && f->drops_return && end > start && f->base[end - 1] == '\r') end--;
  return (place){start, end - start};
}

// MARK: Numbers

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2,bmi,popcnt"))) static size_t read_numbers_avx2(martlet_fields f, size_t first, size_t rows,
                                                                           uint8_t decimal, unsigned scale, int32_t *out,
                                                                           martlet_gaps *gaps) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i nines = _mm256_set1_epi8(9);
  const __m256i ones = _mm256_set1_epi8(1);
  const __m256i all = _mm256_set1_epi8(-1);
  // Text is looked at less the code of '0'.
  const __m256i sign = _mm256_set1_epi8((char)(decimal ^ '0'));
  const __m256i has_sign = decimal ? all : zero;
  const __m256i factors = _mm256_setr_epi32(1, 10, 100, 1000, 10000, 100000, 1000000, 10000000);
  const int inner = is_inner(&f);
  size_t row = first;
  for (; row + 4 <= rows; row += 4) {
    place p[4];
    uint64_t words[4];
    for (unsigned i = 0; i < 4; i++) {
      p[i] = find(&f, row + i, inner);
      memcpy(&words[i], f.base + p[i].start + p[i].count - 8, 8);
    }
    __m256i word = _mm256_loadu_si256((const __m256i *)words);
    __m256i count = _mm256_setr_epi64x(p[0].count, p[1].count, p[2].count, p[3].count);
    // A number of more than eight characters is left to the caller.
    __m256i bad = _mm256_cmpgt_epi64(count, _mm256_set1_epi64x(8));
    __m256i empty = _mm256_cmpeq_epi64(count, zero);
    __m256i foreign = _mm256_sub_epi64(_mm256_set1_epi64x(64), _mm256_slli_epi64(count, 3));
    // What stands before the text goes; a shift by 64 makes zero.
    __m256i own = _mm256_srlv_epi64(_mm256_xor_si256(word, _mm256_set1_epi8('0')), foreign);
    // Now the first character is in the lowest byte.
    __m256i head = _mm256_and_si256(own, _mm256_set1_epi64x(0xff));
    __m256i minus = _mm256_cmpeq_epi64(head, _mm256_set1_epi64x('-' ^ '0'));
    own = _mm256_blendv_epi8(own, _mm256_andnot_si256(_mm256_set1_epi64x(0xff), own), minus);
    // The characters behind the minus, of which the first is in the lowest byte.
    __m256i unsign = _mm256_srlv_epi64(own, _mm256_and_si256(minus, _mm256_set1_epi64x(8)));
    __m256i length = _mm256_add_epi64(count, minus);
    __m256i leading = _mm256_cmpeq_epi64(_mm256_and_si256(unsign, _mm256_set1_epi64x(0xff)), zero);
    __m256i second = _mm256_and_si256(_mm256_srli_epi64(unsign, 8), _mm256_set1_epi64x(0xff));
    __m256i follows = _mm256_and_si256(
        has_sign, _mm256_cmpeq_epi64(second, _mm256_and_si256(sign, _mm256_set1_epi64x(0xff))));
    // A leading zero makes a label, unless it is alone or the decimal sign follows.
    __m256i label = _mm256_andnot_si256(
        follows, _mm256_and_si256(leading, _mm256_cmpgt_epi64(length, _mm256_set1_epi64x(1))));
    bad = _mm256_or_si256(bad, label);
    // A minus alone is no number.
    bad = _mm256_or_si256(bad, _mm256_and_si256(minus, _mm256_cmpeq_epi64(length, zero)));

    __m256i digits = _mm256_sllv_epi64(own, foreign);
    __m256i mark = _mm256_and_si256(has_sign, _mm256_cmpeq_epi8(digits, sign));
    // The zeros before the text are no decimal sign, even when that were written as '0'.
    __m256i none = _mm256_cmpeq_epi64(mark, zero);
    // The bytes before the first mark: those below the lowest bit.
    __m256i before = _mm256_andnot_si256(mark, _mm256_add_epi64(mark, _mm256_set1_epi64x(-1)));
    __m256i moved = _mm256_or_si256(_mm256_slli_epi64(_mm256_and_si256(digits, before), 8),
                                    _mm256_andnot_si256(_mm256_or_si256(before, mark), digits));
    __m256i behind = _mm256_sub_epi64(
        _mm256_set1_epi64x(7), _mm256_sad_epu8(_mm256_and_si256(before, ones), zero));
    __m256i decimals = _mm256_andnot_si256(none, behind);
    // A decimal sign alone is no number, and of two the second would be left out.
    __m256i alone = _mm256_andnot_si256(none, _mm256_cmpeq_epi64(length, _mm256_set1_epi64x(1)));
    __m256i several = _mm256_cmpgt_epi64(_mm256_sad_epu8(_mm256_and_si256(mark, ones), zero), _mm256_set1_epi64x(1));
    bad = _mm256_or_si256(bad, _mm256_or_si256(alone, several));
    digits = _mm256_blendv_epi8(moved, digits, none);
    __m256i numeric = _mm256_cmpeq_epi8(_mm256_max_epu8(digits, nines), nines);
    bad = _mm256_or_si256(bad, _mm256_andnot_si256(_mm256_cmpeq_epi64(numeric, all), all));

    __m256i twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
    __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(0x00010064));
    __m256i value = _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)), _mm256_srli_epi64(fours, 32));
    __m256i power = _mm256_sub_epi64(_mm256_set1_epi64x(scale), decimals);
    bad = _mm256_or_si256(bad, _mm256_cmpgt_epi64(zero, power));
    value = _mm256_mul_epu32(value, _mm256_permutevar8x32_epi32(factors, power));
    bad = _mm256_or_si256(bad, _mm256_cmpgt_epi64(value, _mm256_set1_epi64x(INT32_MAX)));
    bad = _mm256_or_si256(bad, _mm256_and_si256(minus, _mm256_cmpeq_epi64(value, zero)));
    bad = _mm256_andnot_si256(empty, bad);
    if (!_mm256_testz_si256(bad, bad)) break;
    value = _mm256_sub_epi64(_mm256_xor_si256(value, minus), minus);
    value = _mm256_permutevar8x32_epi32(value, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
    _mm_storeu_si128((__m128i *)(out + row), _mm256_castsi256_si128(value));
    unsigned holes = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(empty));
    while (holes) {
      gaps->rows[gaps->count++] = (uint32_t)(row + (unsigned)__builtin_ctz(holes));
      holes &= holes - 1;
    }
  }
  return row;
}

size_t martlet_read_numbers(martlet_fields fields, size_t first, size_t rows, uint8_t decimal, unsigned scale, int32_t *out,
                            martlet_gaps *gaps) {
  if (scale > 7 || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi")) return first;
  return read_numbers_avx2(fields, first, rows, decimal, scale, out, gaps);
}

#else

size_t martlet_read_numbers(martlet_fields fields, size_t first, size_t rows, uint8_t decimal, unsigned scale, int32_t *out,
                            martlet_gaps *gaps) {
  (void)fields, (void)rows, (void)decimal, (void)scale, (void)out, (void)gaps;
  return first;
}

#endif

// MARK: Moments

/// Two digits as a number; 100 or more when they are none.
static inline unsigned pair(const uint8_t *text) {
  unsigned tens = (unsigned)text[0] - '0', ones = (unsigned)text[1] - '0';
  return tens < 10 && ones < 10 ? tens * 10 + ones : 100;
}

/// Days since 1970-01-01 of a day of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms", 2013).
static inline int64_t days_from_civil(int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  int64_t era = year / 400;
  unsigned of_era = (unsigned)(year - era * 400);
  unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

/// The month of the years 100 to 9999 that eight bytes are; one without days when they are none.
static martlet_month read_month(const uint8_t *text) {
  static const uint8_t lengths[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  martlet_month month = {0, 0, 0};
  memcpy(&month.text, text, 8);
  unsigned century = pair(text), years = pair(text + 2), number = pair(text + 5);
  if (text[4] != '-' || text[7] != '-' || century > 99 || century == 0 || years > 99) return month;
  if (number < 1 || number > 12) return month;
  unsigned year = century * 100 + years;
  int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  month.first = (int32_t)days_from_civil(year, number, 1);
  month.days = number == 2 && is_leap ? 29 : lengths[number];
  return month;
}

/// The month that eight bytes are. Rows of one file are of few months, so that hardly any has to be read.
static inline const martlet_month *month_of(const uint8_t *text, martlet_months *months) {
  uint64_t head;
  memcpy(&head, text, 8);
  martlet_month *slot = &months->slots[head * 0x9e3779b97f4a7c15ull >> 58];
  if (slot->text != head) *slot = read_month(text);
  return slot;
}

size_t martlet_read_moments(martlet_fields fields, size_t first, size_t rows, int32_t *out, martlet_gaps *gaps,
                            martlet_months *months, int *has_time) {
  const int inner = is_inner(&fields);
  int timed = 0;
  // Most rows stand beside one of the same day.
  uint64_t last_head = 0;
  uint16_t last_tail = 0;
  int64_t day = 0;
  int known = 0;
  size_t row = first;
  for (; row < rows; row++) {
    place p = find(&fields, row, inner);
    const uint8_t *text = fields.base + p.start;
    if (p.count != 16 && p.count != 19 && p.count != 10) {
      if (p.count) break;
      out[row] = 0;
      gaps->rows[gaps->count++] = (uint32_t)row;
      continue;
    }
    uint64_t head;
    uint16_t tail;
    memcpy(&head, text, 8);
    memcpy(&tail, text + 8, 2);
    if (head != last_head || tail != last_tail || !known) {
      const martlet_month *month = month_of(text, months);
      unsigned date = pair(text + 8) - 1;
      if (date >= month->days) break;
      last_head = head;
      last_tail = tail;
      known = 1;
      day = ((int64_t)month->first + date) * 86400;
    }
    int64_t seconds = day;
    if (p.count != 10) {
      // "12:50:00", the first character in the lowest byte; a text without seconds gets them.
      uint64_t time;
      if (p.count == 19) {
        memcpy(&time, text + 11, 8);
      } else {
        memcpy(&time, text + 8, 8);
        time = time >> 24 | 0x30303a0000000000ull;
      }
      // Each byte becomes its digit, and a colon zero.
      time ^= 0x30303a30303a3030ull;
      uint64_t wrong = ((time + 0x7676767676767676ull) | time) & 0x8080808080808080ull;
      wrong |= time & 0x0000ff0000ff0000ull;
      uint64_t pairs = time * 10 + (time >> 8);
      unsigned hour = pairs & 0xff, minute = pairs >> 24 & 0xff, second = pairs >> 48 & 0xff;
      if (wrong || (hour > 23) | (minute > 59) | (second > 59) || (text[10] != ' ' && text[10] != 'T')) break;
      seconds += (hour * 60 + minute) * 60 + second;
      timed = 1;
    }
    if (seconds != (int32_t)seconds) break;
    out[row] = (int32_t)seconds;
  }
  if (timed) *has_time = 1;
  return row;
}
