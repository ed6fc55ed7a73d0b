#ifndef GLOSS_CSENTENCEPIECE_H
#define GLOSS_CSENTENCEPIECE_H

// SentencePiece behind plain C: load, encode with offsets, decode, train.
// No C++ type and no C++ exception crosses this header. Text is UTF-8 given by pointer and length,
// so it may hold NUL; the pointer may be null when the length is 0.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  csp_ok = 0,
  csp_failed = 1,  // the library refused; its message says why
} csp_status;

// A loaded model. Encoding and decoding only read it: any number of threads may share one.
typedef struct csp_tokenizer csp_tokenizer;

// Bytes that the caller frees with csp_bytes_free.
typedef struct {
  char *data;
  size_t count;
} csp_bytes;

// One piece and the bytes [begin, end) of the given text it came from.
typedef struct {
  int32_t id;
  uint32_t begin;
  uint32_t end;
} csp_piece;

// Pieces that live until the thread encodes again.
typedef struct {
  const csp_piece *data;
  size_t count;
} csp_pieces;

typedef struct {
  int32_t vocabulary_size;
  double character_coverage;
  int32_t thread_count;
  const char *control_symbol;
  const char *whole_pieces;  // comma-separated; each is a piece that no other piece contains
} csp_training;

// Loads a serialized model. On failure *tokenizer is null and *message says why.
csp_status csp_load(
    const void *model, size_t count, csp_tokenizer **tokenizer, csp_bytes *message);
void csp_free(csp_tokenizer *tokenizer);

int32_t csp_vocabulary_size(const csp_tokenizer *tokenizer);
int32_t csp_unknown_id(const csp_tokenizer *tokenizer);
// The id of a control symbol; -1 when the model has none of that name.
int32_t csp_control_id(const csp_tokenizer *tokenizer, const char *name);
// The text of a piece and its log probability. The id must be in range; the bytes live as long as
// the tokenizer.
const char *csp_piece_text(const csp_tokenizer *tokenizer, int32_t id, size_t *count);
float csp_piece_score(const csp_tokenizer *tokenizer, int32_t id);

// Encodes `count` bytes. `continues` says that the text goes on from other text without white space
// between: then its first piece is no word start.
csp_status csp_encode(
    const csp_tokenizer *tokenizer, const void *text, size_t count, bool continues,
    csp_pieces *pieces);
// The text of ids, each of which must be in range.
csp_status csp_decode(
    const csp_tokenizer *tokenizer, const int32_t *ids, size_t count, csp_bytes *text);

// Trains a unigram model. Sentence i is text[ends[i - 1]] up to text[ends[i]].
csp_status csp_train(
    const csp_training *training, const void *text, const size_t *ends, size_t sentence_count,
    csp_bytes *model, csp_bytes *message);

void csp_bytes_free(csp_bytes bytes);

#ifdef __cplusplus
}
#endif

#endif
