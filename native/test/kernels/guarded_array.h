#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

namespace fovea {

/// An array between two pages without access. It ends where the second begins: touching the element
/// after the last one stops the test at once, reading as well as writing. Before its first element
/// is the rest of a page, full of 0xFF: floats read there are NaN, and a byte that has changed when
/// the array dies fails the test.
template <typename T>
class GuardedArray {
 public:
  explicit GuardedArray(int64_t size) : size_(size) {
    const int64_t page = sysconf(_SC_PAGESIZE);
    const int64_t bytes = size * static_cast<int64_t>(sizeof(T));
    const int64_t body = (bytes + page - 1) / page * page;
    mapped_bytes_ = static_cast<size_t>(page + body + page);
    void* mapped = mmap(nullptr, mapped_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    mapped_ = static_cast<std::byte*>(mapped);
    front_ = mapped_ + page;
    if (mprotect(front_, static_cast<size_t>(body), PROT_READ | PROT_WRITE) != 0) {
      throw std::bad_alloc();
    }
    std::memset(front_, 0xFF, static_cast<size_t>(body - bytes));
    data_ = reinterpret_cast<T*>(front_ + body - bytes);
  }

  explicit GuardedArray(const std::vector<T>& values)
      : GuardedArray(static_cast<int64_t>(values.size())) {
    std::copy(values.begin(), values.end(), data_);
  }

  GuardedArray(const GuardedArray& other) : GuardedArray(other.ToVector()) {}
  GuardedArray& operator=(const GuardedArray&) = delete;

  ~GuardedArray() {
    const std::byte* data = reinterpret_cast<std::byte*>(data_);
    const auto untouched = [](std::byte value) { return value == std::byte{0xFF}; };
    const std::byte* touched = std::find_if_not<const std::byte*>(front_, data, untouched);
    EXPECT_EQ(touched, data) << "written " << data - touched << " bytes before an array of "
                             << size_;
    munmap(mapped_, mapped_bytes_);
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  int64_t size() const { return size_; }
  std::vector<T> ToVector() const { return std::vector<T>(data_, data_ + size_); }

 private:
  int64_t size_;
  size_t mapped_bytes_;
  std::byte* mapped_;
  std::byte* front_;  ///< where the first page without access ends
  T* data_;
};

}  // namespace fovea
