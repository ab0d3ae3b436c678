#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace fovea {

/// Memory on a 64-byte boundary, not initialised. Throws std::bad_alloc.
class Arena {
 public:
  explicit Arena(int64_t bytes)
      : memory_(static_cast<std::byte*>(
            ::operator new(static_cast<size_t>(bytes > 0 ? bytes : 1), kAlignment))) {}

  std::byte* at(int64_t offset) const { return memory_.get() + offset; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, kAlignment); }
  };
  std::unique_ptr<std::byte, Free> memory_;
};

}  // namespace fovea
