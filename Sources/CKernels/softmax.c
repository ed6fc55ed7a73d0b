#include "CKernels.h"
#include "lanes.h"

// Replaces a row by its softmax; returns the logarithm of the sum of exponentials of scale * x.
INLINE float softmax_row(float *x, int64_t n, float scale) {
  const float max = maximum(x, n);
  float lanes[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int l = 0; l < LANES; l++) lanes[l] += x[i + l] = exponential(scale * (x[i + l] - max));
  for (int l = 0; i < n; i++, l++) lanes[l] += x[i] = exponential(scale * (x[i] - max));
  const float total = sum_of_lanes(lanes);
  const float inverse = 1.0f / total;
  for (int64_t j = 0; j < n; j++) x[j] *= inverse;
  return scale * max + logf(total);
}

EVERY_CPU void kernel_softmax(float *restrict values, int64_t rows, int64_t columns,
                              float scale) {
  for (int64_t r = 0; r < rows; r++) softmax_row(values + r * columns, columns, scale);
}

EVERY_CPU void kernel_softmax_backward(const float *restrict probabilities,
                                       float *restrict gradient, int64_t rows, int64_t columns,
                                       float scale) {
  for (int64_t r = 0; r < rows; r++) {
    const float *p = probabilities + r * columns;
    float *g = gradient + r * columns;
    // dx_i = scale * p_i (dp_i - sum_j p_j dp_j)
    const float mean = dot(p, g, columns);
    for (int64_t c = 0; c < columns; c++) g[c] = scale * p[c] * (g[c] - mean);
  }
}

EVERY_CPU double kernel_cross_entropy(float *restrict logits, const int32_t *restrict targets,
                                      int64_t rows, int64_t columns, float scale) {
  double loss = 0;
  for (int64_t r = 0; r < rows; r++) {
    float *z = logits + r * columns;
    const float target = z[targets[r]];
    loss += softmax_row(z, columns, 1.0f) - target;
    // dz = scale * (softmax(z) - onehot(target))
    for (int64_t c = 0; c < columns; c++) z[c] *= scale;
    z[targets[r]] -= scale;
  }
  return loss;
}
