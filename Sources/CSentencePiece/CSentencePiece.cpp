#include "CSentencePiece.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "PlainEncoder.hpp"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <locale>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using sentencepiece::ImmutableSentencePieceText;
using sentencepiece::SentenceIterator;
using sentencepiece::SentencePieceProcessor;
using sentencepiece::SentencePieceTrainer;
using sentencepiece::util::Status;

struct csp_tokenizer {
  SentencePieceProcessor processor;
  std::string model;
  std::unique_ptr<PlainEncoder> plain;

  // The same model without the word-start mark in front of the text; made when first needed.
  mutable std::once_flag continuation_made;
  mutable std::unique_ptr<SentencePieceProcessor> continuation;
};

namespace {

std::string_view view(const void *data, size_t count) {
  return count == 0 ? std::string_view() : std::string_view(static_cast<const char *>(data), count);
}

csp_bytes copy_of(std::string_view text) {
  char *data = static_cast<char *>(std::malloc(text.empty() ? 1 : text.size()));
  if (data == nullptr) throw std::bad_alloc();
  if (!text.empty()) std::memcpy(data, text.data(), text.size());
  return {data, text.size()};
}

// Runs `body`, which returns a library status, and turns a bad status or an exception into a
// message.
template <typename Body>
csp_status guarded(csp_bytes *message, Body body) noexcept {
  try {
    const Status status = body();
    if (status.ok()) return csp_ok;
    if (message != nullptr) *message = copy_of(status.message());
  } catch (const std::exception &error) {
    try {
      if (message != nullptr) *message = copy_of(error.what());
    } catch (...) {
    }
  } catch (...) {
  }
  return csp_failed;
}

// The library logs to standard error. Its public way to stop that is a training argument, taken
// up before the missing input ends this training.
void silence() {
  static std::once_flag done;
  std::call_once(done, [] {
    std::string model;
    SentencePieceTrainer::Train({{"minloglevel", "3"}}, nullptr, &model).IgnoreError();
  });
}

const SentencePieceProcessor &continuation_of(const csp_tokenizer &tokenizer) {
  std::call_once(tokenizer.continuation_made, [&] {
    // Serialized messages merge when joined: `normalizer_spec { add_dummy_prefix: false }`.
    const std::string model = tokenizer.model + std::string("\x1A\x02\x18\x00", 4);
    auto processor = std::make_unique<SentencePieceProcessor>();
    if (processor->LoadFromSerializedProto(model).ok()) {
      tokenizer.continuation = std::move(processor);
    }
  });
  return tokenizer.continuation ? *tokenizer.continuation : tokenizer.processor;
}

// Pieces of text that is not plain.
Status EncodeByLibrary(
    const csp_tokenizer &tokenizer, std::string_view text, bool continues,
    std::vector<csp_piece> &pieces) {
  const auto &processor = continues ? continuation_of(tokenizer) : tokenizer.processor;
  // Kept by every thread: a message that is cleared keeps its pieces' memory for the next text.
  static thread_local ImmutableSentencePieceText encoded;
  const Status status = processor.Encode(text, encoded.mutable_proto());
  pieces.clear();
  if (!status.ok()) return status;
  for (size_t i = 0; i < encoded.pieces_size(); ++i) {
    const auto piece = encoded.pieces(static_cast<int>(i));
    pieces.push_back({static_cast<int32_t>(piece.id()), piece.begin(), piece.end()});
  }
  return status;
}

// A number with a point, whatever the program's locale.
std::string decimal(double number) {
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream.precision(std::numeric_limits<double>::max_digits10);
  stream << number;
  return stream.str();
}

class Sentences : public SentenceIterator {
 public:
  Sentences(std::string_view text, const size_t *ends, size_t count)
      : text_(text), ends_(ends), count_(count) {
    Read();
  }
  bool done() const override { return index_ >= count_; }
  void Next() override {
    ++index_;
    Read();
  }
  const std::string &value() const override { return sentence_; }
  Status status() const override { return Status(); }

 private:
  void Read() {
    if (done()) return;
    const size_t begin = index_ == 0 ? 0 : ends_[index_ - 1];
    sentence_ = text_.substr(begin, ends_[index_] - begin);
  }

  std::string_view text_;
  const size_t *ends_;
  size_t count_;
  size_t index_ = 0;
  std::string sentence_;
};

}  // namespace

extern "C" {

csp_status csp_load(
    const void *model, size_t count, csp_tokenizer **tokenizer, csp_bytes *message) {
  *tokenizer = nullptr;
  return guarded(message, [&] {
    silence();
    auto loaded = std::make_unique<csp_tokenizer>();
    loaded->model = view(model, count);
    ModelFields fields;
    if (!fields.Read(loaded->model) || !fields.HasSoundCharacterMap()) {
      return Status(sentencepiece::util::StatusCode::kDataLoss, "its fields are damaged");
    }
    const Status status = loaded->processor.LoadFromSerializedProto(loaded->model);
    if (!status.ok()) return status;
    loaded->plain = std::make_unique<PlainEncoder>(loaded->model, loaded->processor);
    *tokenizer = loaded.release();
    return status;
  });
}

void csp_free(csp_tokenizer *tokenizer) { delete tokenizer; }

int32_t csp_vocabulary_size(const csp_tokenizer *tokenizer) {
  return tokenizer->processor.GetPieceSize();
}

int32_t csp_unknown_id(const csp_tokenizer *tokenizer) { return tokenizer->processor.unk_id(); }

int32_t csp_control_id(const csp_tokenizer *tokenizer, const char *name) {
  const int id = tokenizer->processor.PieceToId(name);
  return tokenizer->processor.IsControl(id) ? id : -1;
}

const char *csp_piece_text(const csp_tokenizer *tokenizer, int32_t id, size_t *count) {
  const std::string &piece = tokenizer->processor.IdToPiece(id);
  *count = piece.size();
  return piece.data();
}

float csp_piece_score(const csp_tokenizer *tokenizer, int32_t id) {
  return tokenizer->processor.GetScore(id);
}

csp_status csp_encode(
    const csp_tokenizer *tokenizer, const void *text, size_t count, bool continues,
    csp_pieces *pieces) {
  *pieces = {nullptr, 0};
  return guarded(nullptr, [&] {
    static thread_local std::vector<csp_piece> others;
    const std::vector<csp_piece> *found = tokenizer->plain->Encode(view(text, count), !continues);
    if (found == nullptr) {
      const Status status = EncodeByLibrary(*tokenizer, view(text, count), continues, others);
      if (!status.ok()) return status;
      found = &others;
    }
    *pieces = {found->data(), found->size()};
    return Status();
  });
}

csp_status csp_decode(
    const csp_tokenizer *tokenizer, const int32_t *ids, size_t count, csp_bytes *text) {
  *text = {nullptr, 0};
  return guarded(nullptr, [&] {
    std::string decoded;
    const Status status =
        tokenizer->processor.Decode(std::vector<int>(ids, ids + count), &decoded);
    if (status.ok()) *text = copy_of(decoded);
    return status;
  });
}

csp_status csp_train(
    const csp_training *training, const void *text, const size_t *ends, size_t sentence_count,
    csp_bytes *model, csp_bytes *message) {
  *model = {nullptr, 0};
  return guarded(message, [&] {
    silence();
    const size_t length = sentence_count == 0 ? 0 : ends[sentence_count - 1];
    Sentences sentences(view(text, length), ends, sentence_count);
    std::string trained;
    const Status status = SentencePieceTrainer::Train(
        {
            {"model_type", "unigram"},
            {"vocab_size", std::to_string(training->vocabulary_size)},
            {"hard_vocab_limit", "false"},
            {"character_coverage", decimal(training->character_coverage)},
            {"byte_fallback", "true"},
            {"max_sentencepiece_length", "16"},
            {"max_sentence_length", "1073741824"},
            {"num_threads", std::to_string(training->thread_count)},
            {"split_digits", "true"},
            {"normalization_rule_name", "nmt_nfkc"},
            {"control_symbols", training->control_symbol},
            {"user_defined_symbols", training->whole_pieces},
            {"unk_id", "0"},
            {"bos_id", "-1"},
            {"eos_id", "-1"},
            {"pad_id", "-1"},
            {"minloglevel", "3"},
        },
        &sentences, &trained);
    if (status.ok()) *model = copy_of(trained);
    return status;
  });
}

void csp_bytes_free(csp_bytes bytes) { std::free(bytes.data); }

}  // extern "C"
