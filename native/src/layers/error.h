#pragma once

#include <stdexcept>

namespace fovea {

/// Every failure that a user can cause. The message crosses JNI unchanged, so it follows the house
/// template: `<where>: expected <what>. Received: <value> (<context>). <How to fix it>.`
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fovea
