#include "CKernels.h"
#include "lanes.h"

EVERY_CPU void kernel_rotary(float *restrict values, int64_t stride, int64_t rows, int64_t heads,
                             int64_t size, const float *restrict cosines,
                             const float *restrict sines, float direction) {
  const int64_t half = size / 2;
  for (int64_t r = 0; r < rows; r++) {
    const float *cosine = cosines + r * half;
    const float *sine = sines + r * half;
    for (int64_t h = 0; h < heads; h++) {
      float *a = values + r * stride + h * size;
      float *b = a + half;
      // Turns the point (a, b) by the angle of this position and pair.
      for (int64_t i = 0; i < half; i++) {
        const float x = a[i], y = b[i], s = direction * sine[i];
        a[i] = x * cosine[i] - y * s;
        b[i] = x * s + y * cosine[i];
      }
    }
  }
}
