#ifndef GLOSS_PIECE_TRIE_HPP
#define GLOSS_PIECE_TRIE_HPP

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

// The pieces of a vocabulary as a tree over bytes, for finding all that begin at a place of a text.
//
// A double array: the child of unit u along byte b is unit u.base ^ b, if its label is b. No two
// units with children share a base, so the label tells whose child a unit is.
// Source: Aoe, An Efficient Digital Search Algorithm by Using a Double-Array Structure (1989).
class PieceTrie {
 public:
  struct Unit {
    uint32_t base : 23;
    uint32_t label : 9;
    int32_t id;  // of the piece that ends here, or -1
  };
  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kNone = UINT32_MAX;

  // Keys must live while this builds. False where there are none or too many, or where one is empty
  // or stands twice.
  bool Build(std::vector<std::pair<std::string_view, int32_t>> pieces);

  // The child of `unit` along `byte`, or kNone.
  uint32_t Child(uint32_t unit, uint8_t byte) const {
    const uint32_t child = units_[unit].base ^ byte;
    return units_[child].label == byte ? child : kNone;
  }
  int32_t Id(uint32_t unit) const { return units_[unit].id; }

 private:
  static constexpr uint32_t kFree = 0x1FF;
  static constexpr uint32_t kTaken = 0x100;  // nobody's child
  static constexpr uint32_t kBlock = 256;
  static constexpr uint32_t kLeafBase = kBlock;
  static constexpr uint32_t kOpenBlocks = 4;
  static constexpr uint32_t kMaximum = 1u << 23;

  uint32_t FindBase(const std::vector<uint8_t> &labels);
  void Grow();

  std::vector<Unit> units_;
  std::vector<bool> base_is_used_;
  std::vector<uint32_t> open_;  // places to look at for room, some of them taken since
};

#endif
