#pragma once

#include <array>
#include <charconv>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// Words of texts and of messages.
namespace fovea {

inline std::string Quoted(std::string_view text) { return std::string("'").append(text) + "'"; }

/// The shortest form that reads back as the same number.
inline std::string ToString(double number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

/// What stands between the commas.
inline std::vector<std::string> SplitNames(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

}  // namespace fovea
