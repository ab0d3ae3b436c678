#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fovea {

/// Height and width of a window, a stride or a dilation: written `3` or `3,5`.
struct Size2d {
  int height;
  int width;
};

/// The `key=value` words of one line of text: the settings of a layer or an optimizer, read by
/// name. Every reader checks form and range and throws Error naming the attribute, what it expected
/// and what it received.
class Attributes {
 public:
  /// `declared` lists what the type takes, blank-separated, with defaults: `kernel stride=1`.
  /// Attributes without a default must be given.
  explicit Attributes(std::string_view declared = "");

  /// Sets an attribute. Throws Error when the type does not declare it, or when it is set twice.
  void Set(std::string_view key, std::string_view value);
  /// Throws Error when a declared attribute without a default was not given.
  void CheckComplete() const;

  /// A copy in which an attribute that the type declares has another value.
  Attributes With(std::string_view key, std::string_view value) const;

  std::string Text(std::string_view key) const;
  bool Bool(std::string_view key) const;
  int PositiveInt(std::string_view key) const;
  int IntFrom(std::string_view key, int least) const;
  /// A number with `least <= value`, or `least < value` where `open`.
  double NumberFrom(std::string_view key, double least, bool open = false) const;
  /// A number with `least <= value < limit`.
  double NumberIn(std::string_view key, double least, double limit) const;
  /// Integers separated by commas, each >= 1.
  std::vector<int> PositiveInts(std::string_view key) const;
  /// Finite numbers separated by commas.
  std::vector<double> Numbers(std::string_view key) const;
  Size2d PositiveSize2d(std::string_view key) const;
  /// The value, which must be one of `words` (blank-separated).
  std::string OneOf(std::string_view key, std::string_view words) const;

 private:
  const std::string& Find(std::string_view key) const;

  std::string declared_;
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, bool, std::less<>> given_;
};

}  // namespace fovea
