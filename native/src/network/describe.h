#pragma once

#include <string>

#include "network/network.h"

namespace fovea {

/// What a caller must know to run the network: sizes, fields of the record, parameters, buckets;
/// one `key value...` a line, read by NetworkDescription.java.
template <typename T>
std::string Describe(const Network<T>& network);

}  // namespace fovea
