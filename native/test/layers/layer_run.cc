#include "layers/layer_run.h"

#include <sstream>

namespace fovea {

Attributes ParseAttributes(const std::string& declared, const std::string& text) {
  Attributes attributes(declared);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    attributes.Set(word.substr(0, equals), word.substr(equals + 1));
  }
  attributes.CheckComplete();
  return attributes;
}

template <typename T>
LayerPtr<T> MakeLayer(const std::string& type, const std::string& text,
                      const std::vector<Shape>& src, std::string_view target) {
  const LayerType* found = FindLayerType(type);
  if (found == nullptr) throw std::logic_error("no layer type " + type);
  const Attributes attributes = ParseAttributes(DeclaredAttributes(*found), text);
  return CreateLayer<T>(*found, LayerContext<T>{attributes, src, KernelsFor<T>(target)});
}

std::string ErrorOfLayer(const std::string& type, const std::string& text,
                         const std::vector<Shape>& src) {
  return ErrorOf([&] { MakeLayer<double>(type, text, src); });
}

template class LayerRun<double>;
template class LayerRun<float>;

template LayerPtr<double> MakeLayer<double>(const std::string&, const std::string&,
                                            const std::vector<Shape>&, std::string_view);
template LayerPtr<float> MakeLayer<float>(const std::string&, const std::string&,
                                          const std::vector<Shape>&, std::string_view);

}  // namespace fovea
