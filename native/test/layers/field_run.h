#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "layers/layer_run.h"

namespace fovea {

/// `dst` of an Input or Target whose field lies at `offset` in records of `record_bytes`.
template <typename T>
LayerRun<T> Read(const std::string& type, const std::string& text, int64_t rows,
                 std::vector<std::byte> records, int64_t offset,
                 std::string_view target = "reference") {
  LayerRun<T> run(type, text, {}, rows, target);
  run.record_bytes = static_cast<int64_t>(records.size()) / rows;
  run.field.assign(records.begin() + offset, records.end());
  run.Forward();
  return run;
}

/// Writes values into the bytes of records.
template <typename Element>
void Put(std::vector<std::byte>* records, int64_t at, std::vector<Element> values) {
  std::memcpy(records->data() + at, values.data(), values.size() * sizeof(Element));
}

}  // namespace fovea
