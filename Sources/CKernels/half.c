#include "CKernels.h"
#include "lanes.h"

// On CPUs without the instruction the compiler calls its library, number by number.
EVERY_CPU void kernel_floats_of_halves(const uint16_t *restrict halves, float *restrict floats,
                                       int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    _Float16 half;
    memcpy(&half, halves + i, sizeof half);
    floats[i] = (float)half;
  }
}
