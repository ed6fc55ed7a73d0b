#include "CKernels.h"
#include "lanes.h"

EVERY_CPU void kernel_adamw(float *restrict parameters, const float *restrict gradients,
                            float *restrict first_moments, float *restrict second_moments,
                            int64_t count, kernel_adamw_settings settings) {
  const float beta1 = settings.beta1, beta2 = settings.beta2;
  const float rate = settings.learning_rate / settings.correction1;
  const float inverse_correction2 = 1.0f / settings.correction2;
  const float keep = 1.0f - settings.learning_rate * settings.weight_decay;
  for (int64_t i = 0; i < count; i++) {
    const float g = gradients[i] * settings.gradient_scale;
    const float m = beta1 * first_moments[i] + (1.0f - beta1) * g;
    const float v = beta2 * second_moments[i] + (1.0f - beta2) * g * g;
    first_moments[i] = m;
    second_moments[i] = v;
    // Decay acts on the parameter itself, not through the moments.
    parameters[i] =
        keep * parameters[i] - rate * m / (square_root(v * inverse_correction2) + settings.epsilon);
  }
}
