/// Every optimizer type, in alphabetical order: adding an optimizer adds one line to
/// FOVEA_OPTIMIZERS. A row says the name and the attributes with their defaults; attributes without
/// a default must be given in the text.

#include <algorithm>
#include <string>

#include "layers/attributes.h"
#include "layers/error.h"
#include "optimizers/optimizer.h"

#define FOVEA_OPTIMIZERS(OPTIMIZER)                      \
  OPTIMIZER(Adam, "beta1=0.9 beta2=0.999 epsilon=1e-08") \
  OPTIMIZER(RunningAverage, "decay")                     \
  OPTIMIZER(Sgd, "momentum=0.9 nesterov=false")

namespace fovea {

#define FOVEA_DECLARE(name, attributes) OptimizerPtr Create##name(const Attributes&);
FOVEA_OPTIMIZERS(FOVEA_DECLARE)

namespace {

#define FOVEA_ROW(name, attributes) OptimizerType{#name, attributes, Create##name},
constexpr OptimizerType kOptimizerTypes[] = {FOVEA_OPTIMIZERS(FOVEA_ROW)};

/// Cuts the first blank-separated word off `text`; empty at the end.
std::string_view NextWord(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

const OptimizerType& FindType(std::string_view name) {
  std::string names;
  for (const OptimizerType& type : kOptimizerTypes) {
    if (type.name == name) return type;
    if (!names.empty()) names += ", ";
    names += type.name;
  }
  throw Error(std::string("Optimizer: expected one of ")
                  .append(names)
                  .append(". Received: '")
                  .append(name)
                  .append("'."));
}

OptimizerPtr Create(const OptimizerType& type, std::string_view words) {
  Attributes attributes(type.attributes);
  for (std::string_view word = NextWord(words); !word.empty(); word = NextWord(words)) {
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw Error(
          std::string("expected attributes, name=value. Received: '").append(word).append("'."));
    }
    attributes.Set(word.substr(0, equals), word.substr(equals + 1));
  }
  attributes.CheckComplete();
  return type.create(attributes);
}

}  // namespace

std::span<const OptimizerType> OptimizerTypes() { return kOptimizerTypes; }

OptimizerPtr CreateOptimizer(std::string_view text) {
  const OptimizerType& type = FindType(NextWord(text));
  try {
    return Create(type, text);
  } catch (const Error& error) {
    throw Error(std::string("Optimizer '").append(type.name).append("': ").append(error.what()));
  }
}

}  // namespace fovea
