#include "jni/library_info.h"

#include <sstream>

#include "layers/layer.h"
#include "optimizers/optimizer.h"

namespace fovea {

std::string LibraryInfo() {
  std::ostringstream out;
  out << "version " << FOVEA_VERSION << "\ntarget " << KernelsFor<float>().target << "\ntargets ";
  const char* separator = "";
  for (const std::string_view target : AvailableTargets()) {
    out << separator << target;
    separator = ",";
  }
  out << "\n";
  for (const LayerType& type : LayerTypes()) {
    out << "layer " << type.name << " " << DeclaredAttributes(type) << "\n";
  }
  for (const OptimizerType& type : OptimizerTypes()) {
    out << "optimizer " << type.name << " " << type.attributes << "\n";
  }
  return out.str();
}

}  // namespace fovea
