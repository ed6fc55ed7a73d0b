#include "CKernels.h"
#include "lanes.h"

// A 32-bit mixer with full avalanche (constants: Wellons, hash prospector, "lowbias32").
INLINE uint32_t mixed(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

EVERY_CPU void kernel_dropout(float *restrict values, int64_t count, float probability,
                              uint64_t seed) {
  const uint32_t low = (uint32_t)seed, high = (uint32_t)(seed >> 32);
  const uint32_t threshold = (uint32_t)((double)probability * 4294967296.0);
  const float scale = 1.0f / (1.0f - probability);
  for (int64_t i = 0; i < count; i++) {
    const uint32_t random = mixed(mixed((uint32_t)i ^ low) + high);
    values[i] = random < threshold ? 0.0f : values[i] * scale;
  }
}
