#include "CKernels.h"
#include "lanes.h"

EVERY_CPU void kernel_swiglu(const float *restrict input, float *restrict output, int64_t rows,
                             int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    const float *gate = input + r * 2 * columns;
    const float *up = gate + columns;
    float *y = output + r * columns;
    for (int64_t c = 0; c < columns; c++) y[c] = swiglu(gate[c], up[c]);
  }
}

EVERY_CPU void kernel_swiglu_backward(const float *restrict output_gradient,
                                      const float *restrict input, float *restrict input_gradient,
                                      int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    const float *dy = output_gradient + r * columns;
    const float *gate = input + r * 2 * columns;
    const float *up = gate + columns;
    float *dgate = input_gradient + r * 2 * columns;
    float *dup = dgate + columns;
    for (int64_t c = 0; c < columns; c++) {
      const float s = sigmoid(gate[c]);
      const float silu = gate[c] * s;
      dup[c] = dy[c] * silu;
      dgate[c] = dy[c] * up[c] * (s + silu * (1.0f - s));  // silu' = s + g s (1 - s)
    }
  }
}
