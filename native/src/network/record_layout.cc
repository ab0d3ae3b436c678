#include "network/record_layout.h"

namespace fovea {

template <typename T>
RecordLayout LayOutRecord(const Graph<T>& graph, const std::vector<bool>& needed, Mode mode) {
  RecordLayout record;
  for (size_t i = 0; i < needed.size(); ++i) {
    const Node<T>& node = graph.nodes()[i];
    if (!needed[i] || node.line.type->kind != LayerKind::kField) continue;
    const int64_t bytes = node.layer->FieldBytes();
    record.fields.push_back({static_cast<int>(i), record.bytes, bytes});
    record.bytes += bytes;
  }
  if (mode == Mode::kPredict) return record;
  record.weight_offset = record.bytes;
  record.bytes += static_cast<int64_t>(sizeof(float));
  return record;
}

template RecordLayout LayOutRecord(const Graph<float>&, const std::vector<bool>&, Mode);
template RecordLayout LayOutRecord(const Graph<double>&, const std::vector<bool>&, Mode);

}  // namespace fovea
