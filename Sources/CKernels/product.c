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
// Terms of a sum that a panel holds in the nearest cache.
#define BLOCK 256

int64_t kernel_packed_count(int64_t n, int64_t k) { return (n + PANEL - 1) / PANEL * PANEL * k; }

int64_t kernel_packed_gated_count(int64_t f, int64_t k) {
  return (f + PANEL / 2 - 1) / (PANEL / 2) * PANEL * k;
}

// Columns `from` ..< `from` + `count` of every row of a panel: as many rows of the weights, or zeros.
static void pack_columns(const float *weights, int64_t available, int64_t k, float *panel,
                         int64_t from, int64_t count) {
  for (int64_t i = 0; i < k; i++) {
    float *row = panel + i * PANEL + from;
    for (int64_t c = 0; c < count; c++) row[c] = c < available ? weights[c * k + i] : 0;
  }
}

void kernel_pack(const float *weights, int64_t n, int64_t k, float *packed) {
  for (int64_t first = 0; first < n; first += PANEL)
    pack_columns(weights + first * k, n - first, k, packed + first * k, 0, PANEL);
}

void kernel_pack_gated(const float *weights, int64_t f, int64_t k, float *packed) {
  for (int64_t first = 0; first < f; first += PANEL / 2) {
    float *panel = packed + 2 * first * k;
    pack_columns(weights + first * k, f - first, k, panel, 0, PANEL / 2);
    pack_columns(weights + (f + first) * k, f - first, k, panel, PANEL / 2, PANEL / 2);
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
// `output` has room for all PANEL columns, and is what the sums start from where it `adds`.
#define DEFINE_PANEL(NAME, TARGET, VECTOR, ROWS)                                                 \
  DEFINE_TILE(NAME##_tile, TARGET, VECTOR, ROWS)                                                 \
  DEFINE_TILE(NAME##_half_tile, TARGET, VECTOR, ROWS / 2)                                        \
  DEFINE_TILE(NAME##_row, TARGET, VECTOR, 1)                                                     \
  TARGET static void NAME(const float *input, int64_t input_stride, int64_t rows,                \
                          const float *panel, int64_t k, float *output, int64_t output_stride,   \
                          int adds) {                                                            \
    const int64_t columns = 2 * sizeof(VECTOR) / sizeof(float);                                  \
    for (int64_t start = 0; start < k; start += BLOCK) {                                         \
      const int64_t size = k - start < BLOCK ? k - start : BLOCK;                                \
      const float *block = panel + start * PANEL;                                                \
      const int begins = start == 0 && !adds;                                                    \
      for (int64_t c = 0; c < PANEL; c += columns) {                                             \
        const float *x = input + start;                                                          \
        float *y = output + c;                                                                   \
        int64_t r = 0;                                                                           \
        for (; r + ROWS <= rows; r += ROWS)                                                      \
          NAME##_tile(x + r * input_stride, input_stride, block + c, size,                       \
                      y + r * output_stride, output_stride, begins);                             \
        for (; r + ROWS / 2 <= rows; r += ROWS / 2)                                              \
          NAME##_half_tile(x + r * input_stride, input_stride, block + c, size,                  \
                           y + r * output_stride, output_stride, begins);                        \
        for (; r < rows; r++)                                                                    \
          NAME##_row(x + r * input_stride, input_stride, block + c, size,                        \
                     y + r * output_stride, output_stride, begins);                              \
      }                                                                                          \
    }                                                                                            \
  }

typedef void panel_function(const float *, int64_t, int64_t, const float *, int64_t, float *,
                            int64_t, int);

#if defined(__x86_64__)
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))
DEFINE_PANEL(panel_avx512, AVX512, vector16, 8)
DEFINE_PANEL(panel_avx2, __attribute__((target("avx2,fma"))), vector8, 6)
DEFINE_PANEL(panel_baseline, , vector4, 4)

static panel_function *panel_of(int32_t cpu_level) {
  switch (cpu_level) {
    case 4: return panel_avx512;
    case 3: return panel_avx2;
    default: return panel_baseline;
  }
}
#else
DEFINE_PANEL(panel_baseline, , vector4, 8)
static panel_function *panel_of(int32_t cpu_level) {
  (void)cpu_level;
  return panel_baseline;
}
#endif

// Rows that go through a panel at once where its outputs pass a buffer.
#define BUFFER_ROWS 128

EVERY_CPU static void activate_columns(const float *restrict buffer, int64_t rows, int64_t columns,
                                       float *restrict output, int64_t output_stride) {
  for (int64_t r = 0; r < rows; r++) {
    const float *gate = buffer + r * PANEL, *up = gate + PANEL / 2;
    float *y = output + r * output_stride;
    for (int64_t c = 0; c < columns; c++) y[c] = swiglu(gate[c], up[c]);
  }
}

void kernel_product(int32_t cpu_level, const float *input, int64_t input_stride, int64_t rows,
                    const float *packed, int64_t n, int64_t k, float *output,
                    int64_t output_stride, int32_t adds) {
  panel_function *panel = panel_of(cpu_level);
  float buffer[BUFFER_ROWS * PANEL];
  for (int64_t first = 0; first < n; first += PANEL) {
    const float *weights = packed + first * k;
    if (n - first >= PANEL) {
      panel(input, input_stride, rows, weights, k, output + first, output_stride, adds);
      continue;
    }
    // The last panel is wider than the output.
    const size_t width = (size_t)(n - first) * sizeof(float);
    for (int64_t r = 0; r < rows; r += BUFFER_ROWS) {
      const int64_t count = rows - r < BUFFER_ROWS ? rows - r : BUFFER_ROWS;
      float *y = output + r * output_stride + first;
      if (adds) {
        memset(buffer, 0, sizeof buffer);
        for (int64_t i = 0; i < count; i++) memcpy(buffer + i * PANEL, y + i * output_stride, width);
      }
      panel(input + r * input_stride, input_stride, count, weights, k, buffer, PANEL, adds);
      for (int64_t i = 0; i < count; i++) memcpy(y + i * output_stride, buffer + i * PANEL, width);
    }
  }
}

void kernel_product_swiglu(int32_t cpu_level, const float *input, int64_t input_stride,
                           int64_t rows, const float *packed, int64_t f, int64_t k,
                           float *output, int64_t output_stride) {
  panel_function *panel = panel_of(cpu_level);
  float buffer[BUFFER_ROWS * PANEL];
  for (int64_t first = 0; first < f; first += PANEL / 2) {
    const int64_t columns = f - first < PANEL / 2 ? f - first : PANEL / 2;
    for (int64_t r = 0; r < rows; r += BUFFER_ROWS) {
      const int64_t count = rows - r < BUFFER_ROWS ? rows - r : BUFFER_ROWS;
      panel(input + r * input_stride, input_stride, count, packed + 2 * first * k, k, buffer, PANEL,
            0);
      activate_columns(buffer, count, columns, output + r * output_stride + first, output_stride);
    }
  }
}
