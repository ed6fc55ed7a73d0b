#include "CKernels.h"
#include "lanes.h"

EVERY_CPU void kernel_rms_norm(const float *restrict input, const float *restrict gain,
                               float *restrict output, float *restrict inverse_rms, int64_t rows,
                               int64_t columns, float epsilon) {
  for (int64_t r = 0; r < rows; r++) {
    const float *x = input + r * columns;
    float *y = output + r * columns;
    const float inverse = 1.0f / square_root(dot(x, x, columns) / (float)columns + epsilon);
    for (int64_t c = 0; c < columns; c++) y[c] = gain[c] * x[c] * inverse;
    inverse_rms[r] = inverse;
  }
}

EVERY_CPU void kernel_rms_norm_backward(const float *restrict output_gradient,
                                        const float *restrict input, const float *restrict gain,
                                        const float *restrict inverse_rms,
                                        float *restrict input_gradient,
                                        float *restrict gain_gradient, int64_t rows,
                                        int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    const float *dy = output_gradient + r * columns;
    const float *x = input + r * columns;
    float *dx = input_gradient + r * columns;
    const float inverse = inverse_rms[r];
    // y = gain * x * inverse, so dgain = dy * x * inverse and the direct part of dx is dy * gain.
    for (int64_t c = 0; c < columns; c++) {
      gain_gradient[c] += dy[c] * x[c] * inverse;
      dx[c] = dy[c] * gain[c];
    }
    // inverse depends on every x: d inverse / dx = -inverse^3 x / D.
    const float shared = dot(dx, x, columns) * inverse * inverse * inverse / (float)columns;
    for (int64_t c = 0; c < columns; c++) dx[c] = dx[c] * inverse - x[c] * shared;
  }
}
