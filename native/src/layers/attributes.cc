#include "layers/attributes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "layers/error.h"
#include "layers/text.h"

namespace fovea {
namespace {

/// Calls `use` with each blank-separated word.
template <typename Use>
void ForEachWord(std::string_view words, Use use) {
  for (size_t first = words.find_first_not_of(' '); first != std::string_view::npos;
       first = words.find_first_not_of(' ', first)) {
    const size_t end = std::min(words.find(' ', first), words.size());
    use(words.substr(first, end - first));
    first = end;
  }
}

/// The words as a person lists them: `filters, kernel, stride`; the defaults are left out.
std::string List(std::string_view words) {
  std::string list;
  ForEachWord(words, [&](std::string_view word) {
    if (!list.empty()) list += ", ";
    list += word.substr(0, word.find('='));
  });
  return list;
}

/// Calls `use` with each comma-separated part, empty ones included.
template <typename Use>
void ForEachPart(std::string_view text, Use use) {
  for (size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
    use(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  use(text);
}

/// Reads the whole of `text` as a number; false where it is none or does not fit.
template <typename Number>
bool Read(std::string_view text, Number* number) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, *number);
  return result.ec == std::errc() && result.ptr == end;
}

bool ReadPositive(std::string_view text, int* number) { return Read(text, number) && *number > 0; }

bool ReadFinite(std::string_view text, double* number) {
  return Read(text, number) && std::isfinite(*number);
}

[[noreturn]] void Refuse(std::string_view key, const std::string& expected,
                         std::string_view received) {
  throw Error("attribute " + Quoted(key) + ": expected " + expected +
              ". Received: " + (received.empty() ? "nothing" : std::string(received)) + ".");
}

}  // namespace

Attributes::Attributes(std::string_view declared) : declared_(declared) {
  ForEachWord(declared_, [&](std::string_view word) {
    const size_t equals = word.find('=');
    const std::string key(word.substr(0, equals));
    given_[key] = false;
    if (equals != std::string_view::npos) values_[key] = word.substr(equals + 1);
  });
}

void Attributes::Set(std::string_view key, std::string_view value) {
  const auto given = given_.find(key);
  if (given == given_.end()) {
    Refuse(key, given_.empty() ? "no attributes" : "one of " + List(declared_), Quoted(key));
  }
  if (given->second) Refuse(key, "once", "twice");
  given->second = true;
  values_[given->first] = value;
}

void Attributes::CheckComplete() const {
  ForEachWord(declared_, [&](std::string_view word) {
    if (values_.count(word.substr(0, word.find('='))) == 0) {
      Refuse(word, "a value", "nothing");
    }
  });
}

Attributes Attributes::With(std::string_view key, std::string_view value) const {
  Attributes copy = *this;
  const auto given = copy.given_.find(key);
  if (given != copy.given_.end()) given->second = false;
  copy.Set(key, value);
  return copy;
}

std::string Attributes::Text(std::string_view key) const { return Find(key); }

bool Attributes::Bool(std::string_view key) const {
  const std::string& text = Find(key);
  if (text != "true" && text != "false") Refuse(key, "true or false", Quoted(text));
  return text == "true";
}

int Attributes::PositiveInt(std::string_view key) const {
  const std::string& text = Find(key);
  int number = 0;
  if (ReadPositive(text, &number)) return number;
  int64_t large = 0;
  const bool too_large = Read(text, &large) && large > 0;
  Refuse(key, too_large ? "an integer > 0, at most 2147483647" : "an integer > 0", text);
}

int Attributes::IntFrom(std::string_view key, int least) const {
  const std::string& text = Find(key);
  int number = 0;
  if (!Read(text, &number) || number < least) {
    Refuse(key, "an integer >= " + std::to_string(least), text);
  }
  return number;
}

double Attributes::NumberFrom(std::string_view key, double least, bool open) const {
  const std::string& text = Find(key);
  double number = 0;
  if (!ReadFinite(text, &number) || number < least || (open && number == least)) {
    Refuse(key, std::string("a number ") + (open ? "> " : ">= ") + ToString(least), text);
  }
  return number;
}

double Attributes::NumberIn(std::string_view key, double least, double limit) const {
  const std::string& text = Find(key);
  double number = 0;
  if (!ReadFinite(text, &number) || number < least || number >= limit) {
    Refuse(key, "a number >= " + ToString(least) + " and < " + ToString(limit), text);
  }
  return number;
}

std::vector<int> Attributes::PositiveInts(std::string_view key) const {
  const std::string& text = Find(key);
  std::vector<int> numbers;
  ForEachPart(text, [&](std::string_view part) {
    if (!ReadPositive(part, &numbers.emplace_back())) {
      Refuse(key, "integers > 0, separated by commas", text);
    }
  });
  return numbers;
}

std::vector<double> Attributes::Numbers(std::string_view key) const {
  const std::string& text = Find(key);
  std::vector<double> numbers;
  ForEachPart(text, [&](std::string_view part) {
    if (!ReadFinite(part, &numbers.emplace_back())) {
      Refuse(key, "finite numbers, separated by commas", text);
    }
  });
  return numbers;
}

Size2d Attributes::PositiveSize2d(std::string_view key) const {
  const std::string_view text = Find(key);
  const size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    const int side = PositiveInt(key);
    return {side, side};
  }
  Size2d size;
  if (!ReadPositive(text.substr(0, comma), &size.height) ||
      !ReadPositive(text.substr(comma + 1), &size.width)) {
    Refuse(key, "two integers > 0, height,width", text);
  }
  return size;
}

std::string Attributes::OneOf(std::string_view key, std::string_view words) const {
  const std::string& text = Find(key);
  bool found = false;
  ForEachWord(words, [&](std::string_view word) { found = found || word == text; });
  if (!found) Refuse(key, "one of " + List(words), Quoted(text));
  return text;
}

const std::string& Attributes::Find(std::string_view key) const {
  const auto value = values_.find(key);
  if (value != values_.end()) return value->second;
  if (given_.find(key) != given_.end()) Refuse(key, "a value", "nothing");
  throw std::logic_error("attribute " + Quoted(key) + " is read but not declared");
}

}  // namespace fovea
