#include "CKernels.h"
#include "lanes.h"

EVERY_CPU void kernel_add(const float *restrict input, float *restrict output, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] += input[i];
}

EVERY_CPU void kernel_combine(const float *restrict input, float scale, float *restrict output,
                              float keep, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = scale * input[i] + keep * output[i];
}

EVERY_CPU void kernel_add_bias(const float *restrict bias, float *restrict output, int64_t rows,
                               int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) output[r * columns + c] += bias[c];
}

EVERY_CPU void kernel_add_column_sums(const float *restrict input, float *restrict sums,
                                      int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) sums[c] += input[r * columns + c];
}

EVERY_CPU double kernel_sum_of_squares(const float *restrict values, int64_t count) {
  const int64_t block = 4096;  // floats add up exactly enough within a block, doubles beyond it
  double total = 0;
  for (int64_t i = 0; i < count; i += block) {
    const int64_t n = count - i < block ? count - i : block;
    total += dot(values + i, values + i, n);
  }
  return total;
}

EVERY_CPU void kernel_gather_rows(const float *restrict table, const int32_t *restrict indices,
                                  float *restrict output, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    memcpy(output + r * columns, table + indices[r] * columns, sizeof(float) * columns);
}

EVERY_CPU void kernel_scatter_add_rows(const float *restrict input,
                                       const int32_t *restrict indices, float *restrict table,
                                       int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    float *row = table + indices[r] * columns;
    for (int64_t c = 0; c < columns; c++) row[c] += input[r * columns + c];
  }
}
