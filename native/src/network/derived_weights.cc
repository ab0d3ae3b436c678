#include "network/derived_weights.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace fovea {
namespace {

template <typename T>
std::vector<std::unique_ptr<FoldedLayer<T>>> MakeFolded(const Graph<T>& graph, const Plan& plan,
                                                        const Kernels<T>& kernels) {
  std::vector<std::unique_ptr<FoldedLayer<T>>> folded(graph.nodes().size());
  for (size_t i = 0; i < folded.size(); ++i) {
    if (plan.folded[i] < 0) continue;
    folded[i] =
        std::make_unique<FoldedLayer<T>>(graph, static_cast<int>(i), plan.folded[i], kernels);
  }
  return folded;
}

/// Where each node's prepared weights begin, each on a 64-byte boundary; one entry more for the
/// end. By panels there are none, nor where nobody needs the result.
template <typename T>
std::vector<int64_t> PlacePrepared(const Graph<T>& graph, const Bundles<T>& bundles,
                                   const Plan& plan,
                                   const std::vector<std::unique_ptr<FoldedLayer<T>>>& folded) {
  std::vector<int64_t> begin = {0};
  for (size_t i = 0; i < folded.size(); ++i) {
    const Layer<T>& layer =
        folded[i] ? folded[i]->layer() : bundles.LayerOf(graph, static_cast<int>(i));
    const int64_t size = plan.needed[i] && !plan.panels[i] ? layer.PreparedSize() : 0;
    begin.push_back(begin.back() + SliceSize(size));
  }
  return begin;
}

/// Which lane prepares each node: the largest first, each to the lane that has least.
std::vector<int> ShareNodes(const std::vector<int64_t>& begin, int lanes) {
  std::vector<int> order(begin.size() - 1);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(),
                           [&](int node) { return begin[node + 1] - begin[node]; });
  std::vector<int64_t> load(lanes, 0);
  std::vector<int> lane_of(order.size());
  for (const int node : order) {
    const auto least = std::ranges::min_element(load);
    lane_of[node] = static_cast<int>(least - load.begin());
    *least += begin[node + 1] - begin[node];
  }
  return lane_of;
}

}  // namespace

template <typename T>
DerivedWeights<T>::DerivedWeights(const Graph<T>& graph, const Bundles<T>& bundles,
                                  const Plan& plan, const Kernels<T>& kernels, int lanes)
    : graph_(graph),
      bundles_(bundles),
      folded_(MakeFolded(graph, plan, kernels)),
      begin_(PlacePrepared(graph, bundles, plan, folded_)),
      prepared_(begin_.back() * int64_t{sizeof(T)}),
      lane_of_(ShareNodes(begin_, lanes)) {}

template <typename T>
int64_t DerivedWeights<T>::bytes() const {
  int64_t bytes = begin_.back() * int64_t{sizeof(T)};
  for (const auto& layer : folded_) bytes += layer ? layer->bytes() : 0;
  return bytes;
}

template <typename T>
void DerivedWeights<T>::Update(int lane, const T* weights) {
  for (int i = 0; i < static_cast<int>(folded_.size()); ++i) {
    if (lane_of_[i] != lane) continue;
    if (folded_[i]) folded_[i]->Update(weights);
    if (begin_[i] == begin_[i + 1]) continue;
    LayerOf(i).Prepare(WeightsOf(i, weights), reinterpret_cast<T*>(prepared_.at(0)) + begin_[i]);
  }
}

template class DerivedWeights<float>;
template class DerivedWeights<double>;

}  // namespace fovea
