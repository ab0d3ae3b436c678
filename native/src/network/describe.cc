#include "network/describe.h"

#include <sstream>

#include "layers/text.h"

namespace fovea {
namespace {

std::string Dims(const Shape& shape) {
  std::string text;
  for (const int extent : shape) {
    if (!text.empty()) text += ",";
    text += std::to_string(extent);
  }
  return text;
}

template <typename T>
void DescribeFields(const Network<T>& network, std::ostream& out) {
  const RecordLayout& record = network.plan().record;
  for (const Field& field : record.fields) {
    const Node<T>& node = network.graph().nodes()[field.node];
    out << "field " << node.line.name << " " << field.offset << " " << field.bytes << " "
        << node.layer->FieldType() << " " << Dims(node.shape) << "\n";
  }
  if (record.weight_offset >= 0) {
    out << "field weight " << record.weight_offset << " 4 float32 1\n";
  }
}

template <typename T>
void DescribeLayer(const Node<T>& node, bool owner, std::ostream& out) {
  out << "layer " << node.line.name << " " << node.line.type->name << " " << Dims(node.shape)
      << " line=" << node.line.line << "\n";
  int64_t offset = node.weights_begin;
  for (const ParameterSpec& parameter : node.parameters) {
    if (!owner) break;
    const bool statistic = parameter.kind == ParameterKind::kZeroStatistic ||
                           parameter.kind == ParameterKind::kOneStatistic;
    const bool decays = parameter.kind == ParameterKind::kWeight;
    out << "parameter " << node.line.name << "." << parameter.name << " " << offset << " "
        << Size(parameter.shape) << " " << Dims(parameter.shape)
        << " learningRate=" << ToString(node.learning_rate)
        << " l2=" << ToString(decays ? node.l2 : 0)
        << " frozen=" << (node.frozen ? "true" : "false")
        << " decay=" << ToString(statistic ? parameter.decay : -1) << "\n";
    offset += SliceSize(parameter);
  }
}

/// Segments with the buckets they end, and where the gradients of row segments lie in a lane's own.
void DescribeSegments(const Plan& plan, std::ostream& out) {
  int buckets = 0;
  for (size_t i = 0; i < plan.segments.size(); ++i) {
    const Segment& segment = plan.segments[i];
    out << "segment " << i << " " << segment.panels << " " << (segment.ends_bucket ? buckets : -1)
        << "\n";
    if (!segment.ends_bucket) continue;
    out << "bucket " << buckets++ << " " << segment.bucket_begin << " " << segment.bucket_count
        << "\n";
  }
  for (const LaneStretch& stretch : plan.lane_gradient.stretches) {
    out << "laneStretch " << stretch.begin << " " << stretch.count << " " << stretch.lane_begin
        << "\n";
  }
}

constexpr std::string_view kModes[] = {"train", "evaluate", "predict"};

}  // namespace

template <typename T>
std::string Describe(const Network<T>& network) {
  const Plan& plan = network.plan();
  std::ostringstream out;
  out << "mode " << kModes[static_cast<int>(network.mode())] << "\n"
      << "target " << network.target() << "\n"
      << "rowBytes " << plan.record.bytes << "\n"
      << "chunkRows " << plan.chunk_rows << "\n"
      << "weightCount " << network.weight_count() << "\n"
      << "arenaBytes " << network.ArenaBytes() << "\n";
  DescribeFields(network, out);
  const auto& nodes = network.graph().nodes();
  for (size_t i = 0; i < nodes.size(); ++i) {
    DescribeLayer(nodes[i], nodes[i].owner == static_cast<int>(i), out);
  }
  DescribeSegments(plan, out);
  for (const int output : plan.outputs) {
    out << "output " << nodes[output].line.name << " " << Size(nodes[output].shape) << "\n";
  }
  return out.str();
}

template std::string Describe(const Network<float>&);
template std::string Describe(const Network<double>&);

}  // namespace fovea
