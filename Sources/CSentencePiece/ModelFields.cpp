#include "ModelFields.hpp"

#include <cstring>

namespace {

// One field of a protocol buffer message.
struct Field {
  uint64_t number = 0;
  uint64_t value = 0;      // of a varint
  float real = 0;          // of 32 bits
  std::string_view bytes;  // of a string or message
};

bool ReadVarint(std::string_view &rest, uint64_t &value) {
  value = 0;
  for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    const uint8_t byte = rest.front();
    rest.remove_prefix(1);
    value |= uint64_t(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// Calls `body` with each field; false where the message is broken or `body` says so.
template <typename Body>
bool ForEachField(std::string_view rest, Body body) {
  while (!rest.empty()) {
    uint64_t key = 0, length = 0;
    if (!ReadVarint(rest, key)) return false;
    Field field;
    field.number = key >> 3;
    switch (key & 7) {
      case 0:
        if (!ReadVarint(rest, field.value)) return false;
        break;
      case 1: length = 8; break;
      case 2:
        if (!ReadVarint(rest, length)) return false;
        break;
      case 5: length = 4; break;
      default: return false;
    }
    if (length > rest.size()) return false;
    field.bytes = rest.substr(0, length);
    if ((key & 7) == 5) std::memcpy(&field.real, field.bytes.data(), 4);
    rest.remove_prefix(length);
    if (!body(field)) return false;
  }
  return true;
}

}  // namespace

bool ModelFields::Read(std::string_view model) {
  *this = ModelFields();
  return ForEachField(model, [&](const Field &part) {
    switch (part.number) {
      case 1: {
        Piece piece;
        const bool is_whole = ForEachField(part.bytes, [&](const Field &field) {
          if (field.number == 1) piece.text = field.bytes;
          if (field.number == 2) piece.score = field.real;
          if (field.number == 3) piece.type = field.value;
          return true;
        });
        pieces.push_back(piece);
        return is_whole;
      }
      case 2:
        return ForEachField(part.bytes, [&](const Field &field) {
          if (field.number == 3) model_type = field.value;
          if (field.number == 24) white_space_is_suffix = field.value != 0;
          if (field.number == 35) byte_fallback = field.value != 0;
          return true;
        });
      case 3:
        return ForEachField(part.bytes, [&](const Field &field) {
          if (field.number == 3) adds_dummy_prefix = field.value != 0;
          if (field.number == 4) removes_extra_white_space = field.value != 0;
          if (field.number == 5) escapes_white_space = field.value != 0;
          return true;
        });
      default: return true;
    }
  });
}
