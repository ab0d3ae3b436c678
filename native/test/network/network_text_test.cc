#include "network/network_text.h"

#include <gtest/gtest.h>

#include "network_fixture.h"

namespace fovea {
namespace {

constexpr std::string_view kSmall =
    "# fovea network 1\n"
    "image Input shape=4,4,1\n"
    "conv1 Conv2d filters=2 kernel=3\n"
    "relu1 Relu\n"
    "logits Dense units=3\n"
    "label Target\n"
    "loss SoftmaxCrossEntropy from=logits,label\n";

TEST(NetworkTextTest, LinesHaveNameTypeSourcesAndAttributes) {
  const std::vector<LayerLine> lines = ParseNetworkText(kSmall);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[1].name, "conv1");
  EXPECT_EQ(lines[1].type->name, "Conv2d");
  EXPECT_EQ(lines[1].from, std::vector<std::string>{"image"});
  EXPECT_EQ(lines[1].attributes.PositiveInt("filters"), 2);
  EXPECT_EQ(lines[5].from, (std::vector<std::string>{"logits", "label"}));
}

TEST(NetworkTextTest, CommentsAndBlankLinesAreSkippedAndCounted) {
  const auto lines =
      ParseNetworkText("\n# a comment\nimage Input shape=2 # the input\r\n\n x Relu ");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].line, 3);
  EXPECT_EQ(lines[1].line, 5);
  EXPECT_EQ(lines[1].from, std::vector<std::string>{"image"});
}

TEST(NetworkTextTest, AnUnknownTypeListsTheKnownOnes) {
  std::string known;
  for (const LayerType& type : LayerTypes()) {
    known.append(known.empty() ? "" : ", ").append(type.name);
  }
  EXPECT_EQ(MessageOf("image Input shape=4\nrelu1 Rleu"),
            "Layer 'relu1' (Rleu, line 2): expected one of " + known + ". Received: 'Rleu'.");
}

TEST(NetworkTextTest, MessagesNameLayerAndLine) {
  EXPECT_EQ(MessageOf(""),
            "Network text: expected lines 'name Type key=value ...'. Received: no layer.");
  EXPECT_EQ(MessageOf("image"),
            "Network text line 1: expected 'name Type key=value ...'. Received: 'image'.");
  EXPECT_EQ(
      MessageOf("# fovea network 2\n"),
      "Network text line 1: expected '# fovea network 1'. Received: '# fovea network 2'. Read "
      "it with the version of Fovea that wrote it.");
  EXPECT_EQ(MessageOf("image Input shape=4\nfc Dense units"),
            "Layer 'fc' (Dense, line 2): expected key=value. Received: 'units'.");
  EXPECT_EQ(MessageOf("x Relu"),
            "Layer 'x' (Relu, line 1): expected an Input before it. Received: the first line.");
  EXPECT_EQ(MessageOf("a Input shape=4\na Relu"),
            "Layer 'a' (Relu, line 2): expected a name of its own. Received: 'a', the name of an "
            "earlier line.");
  EXPECT_EQ(
      MessageOf("a Input shape=4\nb Relu from=c\nc Relu"),
      "Layer 'b' (Relu, line 2): attribute 'from': expected names of earlier lines. Received: "
      "'c'.");
  EXPECT_EQ(
      MessageOf("a Input shape=4 from=b"),
      "Layer 'a' (Input, line 1): attribute 'from': expected none, since Input reads the rows. "
      "Received: 'b'.");
  EXPECT_EQ(
      MessageOf("a Input shape=4\nb Dense units=2 weightsOf=c"),
      "Layer 'b' (Dense, line 2): attribute 'weightsOf': expected the name of an earlier line. "
      "Received: 'c'.");
}

TEST(NetworkTextTest, WeightsAreSharedByLayersThatHaveSome) {
  EXPECT_EQ(
      MessageOf("a Input shape=4 weightsOf=b"),
      "Layer 'a' (Input, line 1): attribute 'weightsOf': expected the name of an earlier line. "
      "Received: 'b'.");
  EXPECT_EQ(MessageOf("a Input shape=4\nb Dense units=2\nc Relu weightsOf=b"),
            "Layer 'c' (Relu, line 3): attribute 'weightsOf': expected none, since Relu has no "
            "parameters. Received: 'b'.");
  EXPECT_EQ(MessageOf("a,b Input shape=4"),
            "Layer 'a,b' (Input, line 1): expected a name of letters, digits and _ . / : -. "
            "Received: 'a,b'.");
}

TEST(NetworkTextTest, ShapesAndAttributesAreCheckedInPlace) {
  EXPECT_EQ(MessageOf("a Input shape=4\nb Dense units=0"),
            "Layer 'b' (Dense, line 2): attribute 'units': expected an integer > 0. Received: 0.");
  EXPECT_EQ(MessageOf("a Input shape=4\nb Dense units=2\nc Dense units=2 weightsOf=b"),
            "Layer 'c' (Dense, line 3): attribute 'weightsOf': expected a layer with parameters "
            "weight [2, 2], bias [2]. Received: 'b' with weight [4, 2], bias [2].");
  EXPECT_EQ(MessageOf("a Input shape=4\nb Dense units=2"),
            "Network: expected at least one loss layer. Received: none. Add a line such as 'loss "
            "SoftmaxCrossEntropy from=logits,label'.");
  EXPECT_EQ(MessageOf("a Input shape=4\nb Dense units=2", {Mode::kPredict, {"c"}}),
            "Output 'c': expected the name of a layer. Received: 'c'.");
  EXPECT_EQ(MessageOf("a Input shape=4\nb BatchNorm normalizationRows=8\nc BatchNorm\n"
                      "l Target\ne SoftmaxCrossEntropy from=c,l"),
            "Layer 'c' (BatchNorm, line 3): attribute 'normalizationRows': expected 8, as in the "
            "layers before it. Received: 32.");
}

TEST(NetworkTextTest, SizesBeyondUseAreRefusedBeforeAnythingIsAllocated) {
  const std::string image = "a Input shape=65536,65536,3\n";
  EXPECT_EQ(MessageOf(image),
            "Layer 'a' (Input, line 1): expected a shape of at most 134217728 numbers. Received: "
            "[65536, 65536, 3].");
  EXPECT_EQ(MessageOf("a Input shape=2147483647"),
            "Layer 'a' (Input, line 1): expected a shape of at most 134217728 numbers. Received: "
            "[2147483647].");
  EXPECT_EQ(MessageOf("a Input shape=8,8,1\nb Conv2d filters=2147483647 kernel=1"),
            "Layer 'b' (Conv2d, line 2): expected a weight of at most 134217728 numbers. "
            "Received: [1, 1, 1, 2147483647].");
  EXPECT_EQ(MessageOf("a Input shape=4096,4096,1\nb Conv2d filters=9 kernel=1"),
            "Layer 'b' (Conv2d, line 2): expected an output of at most 134217728 numbers. "
            "Received: [4096, 4096, 9].");
  EXPECT_EQ(MessageOf("a Input shape=8,8,1\nb Conv2d filters=64 kernel=2147483647 padding=same"),
            "Layer 'b' (Conv2d, line 2): attribute 'kernel': expected at most 1024. Received: "
            "2147483647.");
  EXPECT_EQ(MessageOf("a Input shape=8,8,1\nb Conv2d filters=2000 kernel=1024 padding=same"),
            "Layer 'b' (Conv2d, line 2): expected a weight of at most 134217728 numbers. "
            "Received: [1024, 1024, 1, 2000].");
  EXPECT_EQ(MessageOf("a Input shape=8,8,1\nb MaxPool2d kernel=1 stride=1,2000"),
            "Layer 'b' (MaxPool2d, line 2): attribute 'stride': expected at most 1024. Received: "
            "1,2000.");
  EXPECT_EQ(MessageOf("a Input shape=8,8,1\nb Conv2d filters=1 kernel=2 dilation=65536"),
            "Layer 'b' (Conv2d, line 2): attribute 'dilation': expected at most 65535. Received: "
            "65536.");
  EXPECT_EQ(MessageOf("a Input shape=8,8,1\nb Conv2d filters=1 kernel=1 padding=32767"),
            "Layer 'b' (Conv2d, line 2): expected an input with its padding of at most 134217728 "
            "numbers. Received: [65542, 65542, 1].");
  EXPECT_EQ(MessageOf("a Input shape=64,64,1\nb ConvTranspose2d filters=64 kernel=2 stride=1000"),
            "Layer 'b' (ConvTranspose2d, line 2): expected an output with its padding of at most "
            "134217728 numbers. Received: [63002, 63002, 64].");
  EXPECT_EQ(MessageOf("a Input shape=100000\nb Dense units=100000"),
            "Layer 'b' (Dense, line 2): expected a weight of at most 134217728 numbers. "
            "Received: [100000, 100000].");
  EXPECT_EQ(MessageOf("a Input shape=4,4\nb Lstm units=536870911"),
            "Layer 'b' (Lstm, line 2): expected an output of at most 134217728 numbers. "
            "Received: [4, 536870911].");
  EXPECT_EQ(MessageOf("a Input shape=4,4,67108864\nb Concat from=a,a"),
            "Layer 'a' (Input, line 1): expected a shape of at most 134217728 numbers. Received: "
            "[4, 4, 67108864].");
  EXPECT_EQ(MessageOf("a Input shape=8192,16384\nb Concat from=a,a"),
            "Layer 'b' (Concat, line 2): expected an output of at most 134217728 numbers. "
            "Received: [8192, 32768].");
  std::string deep = "a Input shape=11000\n";
  for (int layer = 1; layer <= 5; ++layer) {
    deep.append("b").append(std::to_string(layer)).append(" Dense units=11000\n");
  }
  EXPECT_EQ(MessageOf(deep),
            "Layer 'b5' (Dense, line 6): expected at most 536870848 weights in the layers up to "
            "this one. Received: 605055040.");
}

}  // namespace
}  // namespace fovea
