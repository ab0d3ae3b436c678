#pragma once

#include <string>

namespace fovea {

/// Version, kernel targets of this CPU, layer types and optimizers with their attributes; one
/// `key value...` a line, read by LibraryInfo.java.
std::string LibraryInfo();

}  // namespace fovea
