// Products of 16-bit factors with 32-bit sums: output[M, N] = left[M, K] * right[K, N].
//
// Both factors are rounded to bfloat16 while they are packed; two neighbours in K share 32 bits. The
// right one lies in panels of PANEL columns, [N / PANEL][K / 2][PANEL], the left one row by row,
// [M][K / 2], or, where it is transposed, in strips of TILE rows, [M / TILE][K / 2][TILE]. What is
// too much in the last of them is zero. Sums go on in single precision, pair by pair, the second of
// a pair first, whatever the tile.
// Source: Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008; Kalamkar
// et al., A Study of BFLOAT16 for Deep Learning Training, 2019.

#include "CKernels.h"
#include "lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define TILE 12
#define PANEL 32
// Pairs of a sum that a panel holds in the nearest cache.
#define BLOCK 128

INLINE uint32_t rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  // To the nearest, ties to even; what is no number stays none.
  return x != x ? 0x7fc0 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
}

INLINE uint32_t pair(float first, float second) { return rounded(first) | rounded(second) << 16; }

int64_t kernel_mixed_left_count(int64_t m, int64_t k) {
  return (m + TILE - 1) / TILE * TILE * ((k + 1) / 2);
}

int64_t kernel_mixed_right_count(int64_t n, int64_t k) {
  return (n + PANEL - 1) / PANEL * PANEL * ((k + 1) / 2);
}

// The pairs of `k` neighbours in a row.
INLINE void pack_row(const float *row, int64_t k, uint32_t *restrict packed) {
  for (int64_t i = 0; i < k / 2; i++) packed[i] = pair(row[2 * i], row[2 * i + 1]);
  if (k & 1) packed[k / 2] = pair(row[k - 1], 0);
}

// Strips of `width` columns: the pairs of two rows of a matrix [K, columns] stand side by side.
INLINE void pack_strips(const float *values, int64_t stride, int64_t columns, int64_t k,
                        uint32_t *restrict packed, int width) {
  const int64_t pairs = (k + 1) / 2;
  uint32_t buffer[16 * PANEL];
  const int64_t most = sizeof buffer / sizeof *buffer / width * width;
  for (int64_t i = 0; i < pairs; i++) {
    const float *first = values + 2 * i * stride;
    for (int64_t c = 0; c < columns; c += most) {
      const int64_t count = columns - c < most ? columns - c : most;
      // Rounded many at a time, whatever the width.
      if (2 * i + 1 < k) {
        const float *second = first + stride;
        for (int64_t j = 0; j < count; j++) buffer[j] = pair(first[c + j], second[c + j]);
      } else
        for (int64_t j = 0; j < count; j++) buffer[j] = pair(first[c + j], 0);
      for (int64_t j = count; j % width != 0; j++) buffer[j] = 0;
      for (int64_t j = 0; j < count; j += width)
        memcpy(packed + (c + j) * pairs + i * width, buffer + j, (size_t)width * sizeof *buffer);
    }
  }
}

EVERY_CPU void kernel_mixed_pack_left(const float *values, int64_t stride, int32_t is_transposed,
                                      int64_t m, int64_t k, uint32_t *packed) {
  if (is_transposed) {
    pack_strips(values, stride, m, k, packed, TILE);
    return;
  }
  const int64_t pairs = (k + 1) / 2;
  for (int64_t r = 0; r < m; r++) pack_row(values + r * stride, k, packed + r * pairs);
  memset(packed + m * pairs, 0, (size_t)((m + TILE - 1) / TILE * TILE - m) * pairs * sizeof *packed);
}

EVERY_CPU void kernel_mixed_pack_right(const float *values, int64_t stride, int32_t is_transposed,
                                       int64_t n, int64_t k, uint32_t *packed) {
  if (!is_transposed) {
    pack_strips(values, stride, n, k, packed, PANEL);
    return;
  }
  const int64_t pairs = (k + 1) / 2;
  uint32_t rows[PANEL][BLOCK];
  for (int64_t c = 0; c < n; c += PANEL) {
    for (int64_t start = 0; start < pairs; start += BLOCK) {
      const int64_t size = pairs - start < BLOCK ? pairs - start : BLOCK;
      for (int64_t r = 0; r < PANEL; r++) {
        if (c + r < n)
          pack_row(values + (c + r) * stride + 2 * start,
                   k - 2 * start < 2 * BLOCK ? k - 2 * start : 2 * BLOCK, rows[r]);
        else
          memset(rows[r], 0, sizeof rows[r]);
      }
      uint32_t *panel = packed + c * pairs + start * PANEL;
      for (int64_t i = 0; i < size; i++)
        for (int r = 0; r < PANEL; r++) panel[i * PANEL + r] = rows[r][i];
    }
  }
}

// A tile of TILE rows by PANEL columns, whose sums go on from the output unless the block begins
// them. Of the left factor, row r's pair i stands at left[r * row_step + i * pair_step].
#define TILE_ARGUMENTS                                                                           \
  const uint32_t *left, int64_t row_step, int64_t pair_step, const uint32_t *right,              \
      int64_t pairs, float *output, int64_t stride, int begins
typedef void tile_function(TILE_ARGUMENTS);

INLINE float single(uint32_t half) {
  const uint32_t bits = half << 16;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

EVERY_CPU static void tile_baseline(TILE_ARGUMENTS) {
  for (int r = 0; r < TILE; r++) {
    float sums[PANEL];
    for (int c = 0; c < PANEL; c++) sums[c] = begins ? 0 : output[r * stride + c];
    for (int64_t i = 0; i < pairs; i++) {
      const uint32_t a = left[r * row_step + i * pair_step];
      const float x = single(a & 0xffff), y = single(a >> 16);
      const uint32_t *b = right + i * PANEL;
      // The second of a pair first, as the instruction does; such products are exact.
      for (int c = 0; c < PANEL; c++) {
        sums[c] += y * single(b[c] >> 16);
        sums[c] += x * single(b[c] & 0xffff);
      }
    }
    for (int c = 0; c < PANEL; c++) output[r * stride + c] = sums[c];
  }
}

#if defined(__x86_64__)
#define BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))

BF16 INLINE void sum_pairs(TILE_ARGUMENTS) {
  __m512 first[TILE], second[TILE];
  _Pragma("clang loop unroll(full)") for (int r = 0; r < TILE; r++) {
    first[r] = begins ? _mm512_setzero_ps() : _mm512_loadu_ps(output + r * stride);
    second[r] = begins ? _mm512_setzero_ps() : _mm512_loadu_ps(output + r * stride + 16);
  }
  for (int64_t i = 0; i < pairs; i++) {
    const __m512bh a = (__m512bh)_mm512_loadu_si512(right + i * PANEL);
    const __m512bh b = (__m512bh)_mm512_loadu_si512(right + i * PANEL + 16);
    _Pragma("clang loop unroll(full)") for (int r = 0; r < TILE; r++) {
      const __m512bh x = (__m512bh)_mm512_set1_epi32((int)left[r * row_step + i * pair_step]);
      first[r] = _mm512_dpbf16_ps(first[r], x, a);
      second[r] = _mm512_dpbf16_ps(second[r], x, b);
    }
  }
  _Pragma("clang loop unroll(full)") for (int r = 0; r < TILE; r++) {
    _mm512_storeu_ps(output + r * stride, first[r]);
    _mm512_storeu_ps(output + r * stride + 16, second[r]);
  }
}

// One version for rows end to end and one for strips, whose steps the compiler then knows.
BF16 static void tile_bf16(TILE_ARGUMENTS) {
  if (pair_step == 1)
    sum_pairs(left, row_step, 1, right, pairs, output, stride, begins);
  else
    sum_pairs(left, 1, TILE, right, pairs, output, stride, begins);
}
#endif

int32_t kernel_has_bf16(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return kernel_cpu_level() == 4 && __builtin_cpu_supports("avx512bf16") ? 1 : 0;
#else
  return 0;
#endif
}

void kernel_mixed_product(int32_t has_bf16, const uint32_t *left, int32_t is_left_transposed,
                          const uint32_t *right, int64_t m, int64_t n, int64_t k, float *output,
                          int64_t stride, int32_t adds) {
  tile_function *tile = tile_baseline;
#if defined(__x86_64__)
  if (has_bf16) tile = tile_bf16;
#else
  (void)has_bf16;
#endif
  const int64_t pairs = (k + 1) / 2;
  const int64_t row_step = is_left_transposed ? 1 : pairs;
  const int64_t pair_step = is_left_transposed ? TILE : 1;
  for (int64_t c = 0; c < n; c += PANEL) {
    const int64_t columns = n - c < PANEL ? n - c : PANEL;
    for (int64_t start = 0; start < pairs; start += BLOCK) {
      const int64_t size = pairs - start < BLOCK ? pairs - start : BLOCK;
      const uint32_t *b = right + c * pairs + start * PANEL;
      const int begins = start == 0 && !adds;
      for (int64_t r = 0; r < m; r += TILE) {
        const int64_t rows = m - r < TILE ? m - r : TILE;
        const uint32_t *a = left + r * pairs + start * pair_step;
        float *y = output + r * stride + c;
        if (rows == TILE && columns == PANEL) {
          tile(a, row_step, pair_step, b, size, y, stride, begins);
          continue;
        }
        // The last tile is larger than the output.
        float buffer[TILE * PANEL] = {0};
        if (!begins)
          for (int64_t i = 0; i < rows; i++)
            memcpy(buffer + i * PANEL, y + i * stride, (size_t)columns * sizeof(float));
        tile(a, row_step, pair_step, b, size, buffer, PANEL, begins);
        for (int64_t i = 0; i < rows; i++)
          memcpy(y + i * stride, buffer + i * PANEL, (size_t)columns * sizeof(float));
      }
    }
  }
}
