#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <vector>

namespace fovea {

/// An array that ends where a page without access begins: touching the element after the last one
/// stops the test at once, reading as well as writing.
template <typename T>
class GuardedArray {
 public:
  explicit GuardedArray(int64_t size) : size_(size) {
    const int64_t page = sysconf(_SC_PAGESIZE);
    const int64_t bytes = size * static_cast<int64_t>(sizeof(T));
    const int64_t body = (bytes + page - 1) / page * page;
    mapped_bytes_ = static_cast<size_t>(body + page);
    void* mapped =
        mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    mapped_ = static_cast<char*>(mapped);
    if (mprotect(mapped_ + body, static_cast<size_t>(page), PROT_NONE) != 0) throw std::bad_alloc();
    data_ = reinterpret_cast<T*>(mapped_ + body - bytes);
  }

  explicit GuardedArray(const std::vector<T>& values)
      : GuardedArray(static_cast<int64_t>(values.size())) {
    std::copy(values.begin(), values.end(), data_);
  }

  GuardedArray(const GuardedArray& other) : GuardedArray(other.ToVector()) {}
  GuardedArray& operator=(const GuardedArray&) = delete;
  ~GuardedArray() { munmap(mapped_, mapped_bytes_); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  int64_t size() const { return size_; }
  std::vector<T> ToVector() const { return std::vector<T>(data_, data_ + size_); }

 private:
  int64_t size_;
  size_t mapped_bytes_;
  char* mapped_;
  T* data_;
};

}  // namespace fovea
