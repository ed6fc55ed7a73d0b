// Products with packed weights: output[M, N] = input[M, K] * weights[N, K]^T.
//
// The weights lie in panels of PANEL columns, [N / PANEL][K][PANEL], so that one pass over a panel
// reads memory in order while a tile of outputs stays in registers. Every output is one sum in the
// order of K, whatever the tile: a row's bits depend on nothing but the row and the weights, and
// CPUs with fused multiply-add agree.
// Source: Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008.

#include "CKernels.h"
#include "lanes.h"

#define PANEL 32
#define BLOCK 256

int64_t kernel_packed_count(int64_t n, int64_t k) { return (n + PANEL - 1) / PANEL * PANEL * k; }

void kernel_pack(const float *weights, int64_t n, int64_t k, float *packed) {
  for (int64_t first = 0; first < n; first += PANEL) {
    const int64_t columns = n - first < PANEL ? n - first : PANEL;
    for (int64_t i = 0; i < k; i++) {
      float *row = packed + first * k + i * PANEL;
      for (int64_t c = 0; c < columns; c++) row[c] = weights[(first + c) * k + i];
      for (int64_t c = columns; c < PANEL; c++) row[c] = 0;
    }
  }
}

typedef float vector16 __attribute__((vector_size(64), aligned(4)));
typedef float vector8 __attribute__((vector_size(32), aligned(4)));
typedef float vector4 __attribute__((vector_size(16), aligned(4)));

// A tile of ROWS rows by two vectors of columns, whose sums live in registers; they go on from the
// output unless the block `begins` them.
#define DEFINE_TILE(NAME, TARGET, VECTOR, ROWS)                                                  \
  TARGET INLINE void NAME(const float *input, int64_t input_stride, const float *panel,          \
                          int64_t k, float *output, int64_t output_stride, int begins) {         \
    const int lanes = sizeof(VECTOR) / sizeof(float);                                            \
    VECTOR left[ROWS], right[ROWS];                                                              \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) {                          \
      left[r] = begins ? (VECTOR){0} : *(VECTOR *)(output + r * output_stride);                  \
      right[r] = begins ? (VECTOR){0} : *(VECTOR *)(output + r * output_stride + lanes);         \
    }                                                                                            \
    for (int64_t i = 0; i < k; i++) {                                                            \
      const VECTOR a = *(const VECTOR *)(panel + i * PANEL);                                     \
      const VECTOR b = *(const VECTOR *)(panel + i * PANEL + lanes);                             \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) {                        \
        const float x = input[r * input_stride + i];                                             \
        left[r] += x * a;                                                                        \
        right[r] += x * b;                                                                       \
      }                                                                                          \
    }                                                                                            \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) {                          \
      *(VECTOR *)(output + r * output_stride) = left[r];                                         \
      *(VECTOR *)(output + r * output_stride + lanes) = right[r];                                \
    }                                                                                            \
  }

// All rows of one panel, in tiles, block by block of K, so that a block stays in the nearest cache;
// `output` has room for all PANEL columns.
#define DEFINE_PANEL(NAME, TARGET, VECTOR, ROWS)                                                 \
  DEFINE_TILE(NAME##_tile, TARGET, VECTOR, ROWS)                                                 \
  DEFINE_TILE(NAME##_half_tile, TARGET, VECTOR, ROWS / 2)                                        \
  DEFINE_TILE(NAME##_row, TARGET, VECTOR, 1)                                                     \
  TARGET static void NAME(const float *input, int64_t input_stride, int64_t rows,                \
                          const float *panel, int64_t k, float *output, int64_t output_stride) { \
    const int64_t columns = 2 * sizeof(VECTOR) / sizeof(float);                                  \
    for (int64_t start = 0; start < k; start += BLOCK) {                                         \
      const int64_t size = k - start < BLOCK ? k - start : BLOCK;                                \
      const float *block = panel + start * PANEL;                                                \
      for (int64_t c = 0; c < PANEL; c += columns) {                                             \
        const float *x = input + start;                                                          \
        float *y = output + c;                                                                   \
        int64_t r = 0;                                                                           \
        for (; r + ROWS <= rows; r += ROWS)                                                      \
          NAME##_tile(x + r * input_stride, input_stride, block + c, size,                       \
                      y + r * output_stride, output_stride, start == 0);                         \
        for (; r + ROWS / 2 <= rows; r += ROWS / 2)                                              \
          NAME##_half_tile(x + r * input_stride, input_stride, block + c, size,                  \
                           y + r * output_stride, output_stride, start == 0);                    \
        for (; r < rows; r++)                                                                    \
          NAME##_row(x + r * input_stride, input_stride, block + c, size,                        \
                     y + r * output_stride, output_stride, start == 0);                          \
      }                                                                                          \
    }                                                                                            \
  }

typedef void panel_function(const float *, int64_t, int64_t, const float *, int64_t, float *,
                            int64_t);

#if defined(__x86_64__)
DEFINE_PANEL(panel_avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), vector16, 8)
DEFINE_PANEL(panel_avx2, __attribute__((target("avx2,fma"))), vector8, 6)
DEFINE_PANEL(panel_baseline, , vector4, 4)

static panel_function *best_panel(void) {
  switch (kernel_cpu_level()) {
    case 4: return panel_avx512;
    case 3: return panel_avx2;
    default: return panel_baseline;
  }
}
#else
DEFINE_PANEL(panel_baseline, , vector4, 8)
static panel_function *best_panel(void) { return panel_baseline; }
#endif

void kernel_product(const float *input, int64_t input_stride, int64_t rows, const float *packed,
                    int64_t n, int64_t k, float *output, int64_t output_stride) {
  panel_function *panel = best_panel();
  for (int64_t first = 0; first < n; first += PANEL) {
    const float *weights = packed + first * k;
    if (n - first >= PANEL) {
      panel(input, input_stride, rows, weights, k, output + first, output_stride);
      continue;
    }
    // The last panel is wider than the output: its tiles go by way of a buffer.
    float buffer[8 * PANEL];
    for (int64_t r = 0; r < rows; r += 8) {
      const int64_t count = rows - r < 8 ? rows - r : 8;
      panel(input + r * input_stride, input_stride, count, weights, k, buffer, PANEL);
      for (int64_t row = 0; row < count; row++)
        memcpy(output + (r + row) * output_stride + first, buffer + row * PANEL,
               (size_t)(n - first) * sizeof(float));
    }
  }
}
