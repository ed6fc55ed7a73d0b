// What the kernels share: one binary for every CPU, sums in a fixed order, and an exponential that
// the compiler can vectorise.

#ifndef GLOSS_LANES_H
#define GLOSS_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// The compiler makes a version per CPU generation and the loader picks one.
#if defined(__x86_64__) && defined(__GLIBC__)
#define EVERY_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EVERY_CPU
#endif

#define INLINE static inline __attribute__((always_inline))

// Reductions run in LANES partial results, so their order is the same whatever the vector width.
#define LANES 16

INLINE float sum_of_lanes(const float lanes[LANES]) {
  float sum = 0;
  for (int l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

INLINE float dot(const float *x, const float *y, int64_t n) {
  float lanes[LANES] = {0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int l = 0; l < LANES; l++) lanes[l] += x[i + l] * y[i + l];
  for (int l = 0; i < n; i++, l++) lanes[l] += x[i] * y[i];
  return sum_of_lanes(lanes);
}

INLINE float maximum(const float *x, int64_t n) {
  float lanes[LANES];
  for (int l = 0; l < LANES; l++) lanes[l] = -INFINITY;
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int l = 0; l < LANES; l++) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
  for (int l = 0; i < n; i++, l++) lanes[l] = x[i] > lanes[l] ? x[i] : lanes[l];
  float max = lanes[0];
  for (int l = 1; l < LANES; l++) max = lanes[l] > max ? lanes[l] : max;
  return max;
}

// e^x to about 1 ulp: x = n ln 2 + r with |r| <= ln 2 / 2, e^x = 2^n P(r), P of degree 6 (Taylor
// with the last coefficients fitted, as in Cephes). Below -87.3 it is 0, above 88.3 infinite.
INLINE float exponential(float x) {
  const float clamped = x < -87.33f ? -87.33f : (x > 88.37f ? 88.37f : x);
  const float shifted = clamped * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;  // nearest whole number
  const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // The last bits of `shifted` are n; of what is no number, whatever they are.
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127) << 23;  // 2^n
  float power;
  memcpy(&power, &bits, sizeof power);
  const float y = p * power;
  return x < -87.33f ? 0.0f : (x > 88.37f ? INFINITY : y);
}

// sqrtf sets errno, which keeps a loop scalar; the compiler's own form does not.
#if __has_builtin(__builtin_elementwise_sqrt)
#define square_root __builtin_elementwise_sqrt
#else
#define square_root sqrtf
#endif

INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

INLINE float swiglu(float gate, float up) { return gate * sigmoid(gate) * up; }

#endif
