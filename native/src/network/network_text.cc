#include "network/network_text.h"

#include <algorithm>
#include <sstream>

#include "layers/text.h"

namespace fovea {
namespace {

constexpr std::string_view kHeader = "# fovea network 1";
constexpr std::string_view kNameLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:-";

std::string At(int line) { return "Network text line " + std::to_string(line) + ": "; }

void CheckHeader(std::string_view line) {
  constexpr std::string_view kAnyVersion = "# fovea network ";
  if (line.starts_with(kAnyVersion) && line != kHeader) {
    throw Error(At(1) + "expected " + Quoted(kHeader) + ". Received: " + Quoted(line) +
                ". Read it with the version of Fovea that wrote it.");
  }
}

std::string KnownTypes() {
  std::string known;
  for (const LayerType& type : LayerTypes()) {
    if (!known.empty()) known += ", ";
    known += type.name;
  }
  return known;
}

bool Earlier(const std::vector<LayerLine>& lines, std::string_view name) {
  return std::ranges::any_of(lines, [&](const LayerLine& line) { return line.name == name; });
}

LayerLine ParseLine(int number, const std::string& text) {
  std::istringstream words(text);
  LayerLine line;
  line.line = number;
  std::string type;
  if (!(words >> line.name >> type)) {
    throw Error(At(number) + "expected 'name Type key=value ...'. Received: " + Quoted(text) + ".");
  }
  line.type = FindLayerType(type);
  if (line.type == nullptr) {
    throw Error("Layer " + Quoted(line.name) + " (" + type + ", line " + std::to_string(number) +
                "): expected one of " + KnownTypes() + ". Received: " + Quoted(type) + ".");
  }
  if (line.name.find_first_not_of(kNameLetters) != std::string::npos) {
    throw Error(line.Where() + "expected a name of letters, digits and _ . / : -. Received: " +
                Quoted(line.name) + ".");
  }
  line.attributes = Attributes(DeclaredAttributes(*line.type));
  try {
    for (std::string word; words >> word;) {
      const size_t equals = word.find('=');
      if (equals == 0 || equals == std::string::npos) {
        throw Error("expected key=value. Received: " + Quoted(word) + ".");
      }
      line.attributes.Set(word.substr(0, equals), word.substr(equals + 1));
    }
    line.attributes.CheckComplete();
  } catch (const Error& error) {
    throw Error(line.Where() + error.what());
  }
  return line;
}

/// Fills `from` and checks that every name on the line means an earlier line.
void Connect(LayerLine& line, const std::vector<LayerLine>& earlier) {
  if (Earlier(earlier, line.name)) {
    throw Error(line.Where() + "expected a name of its own. Received: " + Quoted(line.name) +
                ", the name of an earlier line.");
  }
  const std::string shared = line.attributes.Text("weightsOf");
  if (!shared.empty() && !Earlier(earlier, shared)) {
    throw Error(line.Where() + "attribute 'weightsOf': expected the name of an earlier line. " +
                "Received: " + Quoted(shared) + ".");
  }
  const std::string from = line.attributes.Text("from");
  if (line.type->kind == LayerKind::kField) {
    if (!from.empty()) {
      throw Error(line.Where() + "attribute 'from': expected none, since " +
                  std::string(line.type->name) + " reads the rows. Received: " + Quoted(from) +
                  ".");
    }
    return;
  }
  if (from.empty()) {
    if (earlier.empty()) {
      throw Error(line.Where() + "expected an Input before it. Received: the first line.");
    }
    line.from = {earlier.back().name};
  } else {
    line.from = SplitNames(from);
  }
  for (const std::string& source : line.from) {
    if (!Earlier(earlier, source)) {
      throw Error(line.Where() + "attribute 'from': expected names of earlier lines. Received: " +
                  Quoted(source) + ".");
    }
  }
}

}  // namespace

std::string LayerLine::Where() const {
  return "Layer '" + name + "' (" + std::string(type->name) + ", line " + std::to_string(line) +
         "): ";
}

std::vector<LayerLine> ParseNetworkText(std::string_view text) {
  std::vector<LayerLine> lines;
  std::istringstream stream{std::string(text)};
  int number = 0;
  for (std::string row; std::getline(stream, row);) {
    ++number;
    if (!row.empty() && row.back() == '\r') row.pop_back();
    if (number == 1) CheckHeader(row);
    const size_t comment = row.find('#');
    if (comment != std::string::npos) row.resize(comment);
    if (row.find_first_not_of(" \t") == std::string::npos) continue;
    LayerLine line = ParseLine(number, row);
    Connect(line, lines);
    lines.push_back(std::move(line));
  }
  if (lines.empty()) {
    throw Error("Network text: expected lines 'name Type key=value ...'. Received: no layer.");
  }
  return lines;
}

}  // namespace fovea
