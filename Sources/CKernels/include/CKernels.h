// Row kernels: everything between the matrix products. Matrices are row-major and contiguous
// unless a stride is given; N rows, D columns. Each kernel has a Double twin in the tests.

#ifndef GLOSS_CKERNELS_H
#define GLOSS_CKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// cpu.c -- The x86-64 level of this CPU: 4 with AVX-512, 3 with AVX2, else 1; 0 on other CPUs.
int32_t kernel_cpu_level(void);

// product.c -- output[M, N] = input[M, K] * weights[N, K]^T with weights packed once.
// Floats that packed weights take.
int64_t kernel_packed_count(int64_t n, int64_t k);
int64_t kernel_packed_gated_count(int64_t f, int64_t k);
void kernel_pack(const float *weights, int64_t n, int64_t k, float *packed);
// Overwrites output, or adds to it, with the instructions of a CPU level, which this CPU must have.
void kernel_product(int32_t cpu_level, const float *input, int64_t input_stride, int64_t rows,
                    const float *packed, int64_t n, int64_t k, float *output,
                    int64_t output_stride, int32_t adds);
// weights[2F, K] = [gate | up], and output[M, F] = silu(input * gate^T) * (input * up^T).
void kernel_pack_gated(const float *weights, int64_t f, int64_t k, float *packed);
void kernel_product_swiglu(int32_t cpu_level, const float *input, int64_t input_stride,
                           int64_t rows, const float *packed, int64_t f, int64_t k,
                           float *output, int64_t output_stride);

// mixed.c -- output[M, N] = left[M, K] * right[K, N], both rounded to bfloat16, sums in floats.
// 32-bit words that a packed factor takes.
int64_t kernel_mixed_left_count(int64_t m, int64_t k);
int64_t kernel_mixed_right_count(int64_t n, int64_t k);
// A transposed factor lies in memory as [K, M] or [N, K]; stride is between its rows there.
void kernel_mixed_pack_left(const float *values, int64_t stride, int32_t is_transposed, int64_t m,
                            int64_t k, uint32_t *packed);
void kernel_mixed_pack_right(const float *values, int64_t stride, int32_t is_transposed, int64_t n,
                             int64_t k, uint32_t *packed);
// Whether this CPU multiplies pairs of bfloat16.
int32_t kernel_has_bf16(void);
// Overwrites output, or adds to it; without the instruction the same sums, slowly, but for numbers
// below 1e-38, which the instruction takes for zero.
void kernel_mixed_product(int32_t has_bf16, const uint32_t *left, int32_t is_left_transposed,
                          const uint32_t *right, int64_t m, int64_t n, int64_t k, float *output,
                          int64_t stride, int32_t adds);

// norm.c -- RMSNorm (Zhang and Sennrich 2019, equation 4): y = gain * x / sqrt(mean(x^2) + epsilon).
// inverse_rms[N] receives 1 / sqrt(...) of each row for the backward pass.
void kernel_rms_norm(const float *input, const float *gain, float *output, float *inverse_rms,
                     int64_t rows, int64_t columns, float epsilon);
// Overwrites input_gradient[N, D]; adds to gain_gradient[D].
void kernel_rms_norm_backward(const float *output_gradient, const float *input, const float *gain,
                              const float *inverse_rms, float *input_gradient,
                              float *gain_gradient, int64_t rows, int64_t columns);

// activation.c -- SwiGLU (Shazeer 2020): output[N, F] = silu(gate) * up, input[N, 2F] = [gate | up].
void kernel_swiglu(const float *input, float *output, int64_t rows, int64_t columns);
void kernel_swiglu_backward(const float *output_gradient, const float *input,
                            float *input_gradient, int64_t rows, int64_t columns);

// softmax.c
// Softmax of every row of scale * values, in place.
void kernel_softmax(float *values, int64_t rows, int64_t columns, float scale);
// Turns the gradient of the probabilities into the gradient of the unscaled values, in place.
void kernel_softmax_backward(const float *probabilities, float *gradient, int64_t rows,
                             int64_t columns, float scale);
// Cross-entropy of each row against one class; the logits become scale * their gradient.
// Returns the sum over rows of the unscaled losses.
double kernel_cross_entropy(float *logits, const int32_t *targets, int64_t rows, int64_t columns,
                            float scale);

// rotary.c -- rotary positions (Su et al. 2021), pairs (i, i + size / 2) of every head.
// Rotates `heads` adjacent heads of `size` columns in rows that are `stride` floats apart; row r
// stands at position r. cosines and sines are [positions, size / 2]. direction is 1 or -1.
void kernel_rotary(float *values, int64_t stride, int64_t rows, int64_t heads, int64_t size,
                   const float *cosines, const float *sines, float direction);

// vector.c
void kernel_add(const float *input, float *output, int64_t count);  // output += input
// output = scale * input + keep * output
void kernel_combine(const float *input, float scale, float *output, float keep, int64_t count);
void kernel_add_bias(const float *bias, float *output, int64_t rows, int64_t columns);
void kernel_add_column_sums(const float *input, float *sums, int64_t rows, int64_t columns);
double kernel_sum_of_squares(const float *values, int64_t count);
void kernel_gather_rows(const float *table, const int32_t *indices, float *output, int64_t rows,
                        int64_t columns);
void kernel_scatter_add_rows(const float *input, const int32_t *indices, float *table,
                             int64_t rows, int64_t columns);

// dropout.c -- zeroes each value with `probability` and scales the others by 1 / (1 - probability).
// Which values go is a hash of seed and position, so the backward pass is the same call.
void kernel_dropout(float *values, int64_t count, float probability, uint64_t seed);

// optimizer.c -- one AdamW step (Loshchilov and Hutter 2019, algorithm 2) over `count` parameters.
typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  float correction1, correction2;  // 1 - beta^step
  float gradient_scale;            // applied to every gradient first: clipping
} kernel_adamw_settings;
void kernel_adamw(float *parameters, const float *gradients, float *first_moments,
                  float *second_moments, int64_t count, kernel_adamw_settings settings);

// half.c -- IEEE 754 binary16 as bits to floats.
void kernel_floats_of_halves(const uint16_t *halves, float *floats, int64_t count);

#ifdef __cplusplus
}
#endif

#endif
