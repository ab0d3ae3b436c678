#include "layers/attributes.h"

#include <gtest/gtest.h>

#include "layers/layer_run.h"

namespace fovea {
namespace {

const char kDeclared[] = "from= filters kernel stride=1 bias=true rate=0.5";

Attributes Filled(const std::string& text) { return ParseAttributes(kDeclared, text); }

/// The message when `read` reads an attribute written so.
template <typename Read>
std::string ErrorReading(const std::string& word, Read read) {
  return ErrorOf([&] {
    Attributes attributes(word.substr(0, word.find('=')));
    attributes.Set(word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
    read(attributes);
  });
}

TEST(AttributesTest, givesWhatWasSetAndElseTheDefault) {
  const Attributes attributes = Filled("filters=16 kernel=3,5 stride=2 from=a,b");
  EXPECT_EQ(attributes.PositiveInt("filters"), 16);
  EXPECT_EQ(attributes.PositiveSize2d("kernel").height, 3);
  EXPECT_EQ(attributes.PositiveSize2d("kernel").width, 5);
  EXPECT_EQ(attributes.PositiveSize2d("stride").height, 2);
  EXPECT_EQ(attributes.PositiveSize2d("stride").width, 2);
  EXPECT_TRUE(attributes.Bool("bias"));
  EXPECT_EQ(attributes.NumberIn("rate", 0, 1), 0.5);
  EXPECT_EQ(attributes.Text("from"), "a,b");
  EXPECT_EQ(Filled("filters=1 kernel=1").Text("from"), "");
  EXPECT_FALSE(Filled("filters=1 kernel=1 bias=false").Bool("bias"));
}

TEST(AttributesTest, aCopyWithAnotherValueLeavesTheRest) {
  for (const char* bias : {"", " bias=false"}) {
    const Attributes attributes = Filled("filters=16 kernel=3" + std::string(bias));
    const Attributes copy = attributes.With("bias", "true");
    EXPECT_TRUE(copy.Bool("bias"));
    EXPECT_EQ(copy.PositiveInt("filters"), 16);
    EXPECT_EQ(attributes.Bool("bias"), *bias == '\0');
  }
}

TEST(AttributesTest, readsListsAndNumbersInEveryForm) {
  Attributes attributes("shape mean std dtype");
  attributes.Set("shape", "28,28,1");
  attributes.Set("mean", "-1.5,2e2,0");
  attributes.Set("std", "1e-05");
  attributes.Set("dtype", "uint8");
  EXPECT_EQ(attributes.PositiveInts("shape"), (std::vector<int>{28, 28, 1}));
  EXPECT_EQ(attributes.Numbers("mean"), (std::vector<double>{-1.5, 200, 0}));
  EXPECT_EQ(attributes.NumberFrom("std", 0, true), 1e-5);
  EXPECT_EQ(attributes.OneOf("dtype", "float32 uint8"), "uint8");
}

TEST(AttributesTest, namesWhatIsUnknownMissingOrTwice) {
  EXPECT_EQ(ErrorOf([] { Filled("kernal=3"); }),
            "attribute 'kernal': expected one of from, filters, kernel, stride, bias, rate. "
            "Received: 'kernal'.");
  EXPECT_EQ(ErrorOf([] { Attributes().Set("rate", "1"); }),
            "attribute 'rate': expected no attributes. Received: 'rate'.");
  EXPECT_EQ(ErrorOf([] { Filled("filters=3"); }),
            "attribute 'kernel': expected a value. Received: nothing.");
  EXPECT_EQ(ErrorOf([] { Filled("filters=3 kernel=3 stride=1 stride=1"); }),
            "attribute 'stride': expected once. Received: twice.");
}

TEST(AttributesTest, refusesIntegersOutOfForm) {
  const auto read = [](const Attributes& a) { a.PositiveInt("n"); };
  EXPECT_EQ(ErrorReading("n=0", read), "attribute 'n': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorReading("n=-3", read), "attribute 'n': expected an integer > 0. Received: -3.");
  EXPECT_EQ(ErrorReading("n=2.5", read), "attribute 'n': expected an integer > 0. Received: 2.5.");
  EXPECT_EQ(ErrorReading("n=3x", read), "attribute 'n': expected an integer > 0. Received: 3x.");
  EXPECT_EQ(ErrorReading("n=", read), "attribute 'n': expected an integer > 0. Received: nothing.");
  EXPECT_EQ(ErrorReading("n=2147483648", read),
            "attribute 'n': expected an integer > 0, at most 2147483647. Received: 2147483648.");
}

TEST(AttributesTest, refusesIntegersBelowTheLeast) {
  const auto read = [](const Attributes& a) { a.IntFrom("n", 0); };
  EXPECT_EQ(ErrorReading("n=0", read), "no error");
  EXPECT_EQ(ErrorReading("n=-1", read), "attribute 'n': expected an integer >= 0. Received: -1.");
  EXPECT_EQ(ErrorReading("n=0.5", read), "attribute 'n': expected an integer >= 0. Received: 0.5.");
}

TEST(AttributesTest, refusesListsOutOfForm) {
  const auto ints = [](const Attributes& a) { a.PositiveInts("n"); };
  EXPECT_EQ(ErrorReading("n=28,0", ints),
            "attribute 'n': expected integers > 0, separated by commas. Received: 28,0.");
  EXPECT_EQ(ErrorReading("n=28,", ints),
            "attribute 'n': expected integers > 0, separated by commas. Received: 28,.");
  const auto numbers = [](const Attributes& a) { a.Numbers("n"); };
  EXPECT_EQ(ErrorReading("n=1,nan", numbers),
            "attribute 'n': expected finite numbers, separated by commas. Received: 1,nan.");
  EXPECT_EQ(ErrorReading("n=inf", numbers),
            "attribute 'n': expected finite numbers, separated by commas. Received: inf.");
  const auto size = [](const Attributes& a) { a.PositiveSize2d("n"); };
  EXPECT_EQ(ErrorReading("n=0", size), "attribute 'n': expected an integer > 0. Received: 0.");
  EXPECT_EQ(ErrorReading("n=3,0", size),
            "attribute 'n': expected two integers > 0, height,width. Received: 3,0.");
  EXPECT_EQ(ErrorReading("n=3,3,3", size),
            "attribute 'n': expected two integers > 0, height,width. Received: 3,3,3.");
}

TEST(AttributesTest, refusesNumbersOutOfRange) {
  const auto from = [](const Attributes& a) { a.NumberFrom("n", 0); };
  EXPECT_EQ(ErrorReading("n=0", from), "no error");
  EXPECT_EQ(ErrorReading("n=-0.5", from), "attribute 'n': expected a number >= 0. Received: -0.5.");
  EXPECT_EQ(ErrorReading("n=nan", from), "attribute 'n': expected a number >= 0. Received: nan.");
  const auto above = [](const Attributes& a) { a.NumberFrom("n", 0, true); };
  EXPECT_EQ(ErrorReading("n=0", above), "attribute 'n': expected a number > 0. Received: 0.");
  const auto in = [](const Attributes& a) { a.NumberIn("n", 0, 1); };
  EXPECT_EQ(ErrorReading("n=0", in), "no error");
  EXPECT_EQ(ErrorReading("n=1", in), "attribute 'n': expected a number >= 0 and < 1. Received: 1.");
  EXPECT_EQ(ErrorReading("n=x", in), "attribute 'n': expected a number >= 0 and < 1. Received: x.");
}

TEST(AttributesTest, refusesOtherWords) {
  EXPECT_EQ(ErrorReading("n=yes", [](const Attributes& a) { a.Bool("n"); }),
            "attribute 'n': expected true or false. Received: 'yes'.");
  EXPECT_EQ(ErrorReading("n=int8", [](const Attributes& a) { a.OneOf("n", "float32 uint8"); }),
            "attribute 'n': expected one of float32, uint8. Received: 'int8'.");
}

TEST(AttributesTest, readingAnUndeclaredAttributeIsOurOwnMistake) {
  EXPECT_THROW(Attributes("units").PositiveInt("unit"), std::logic_error);
}

}  // namespace
}  // namespace fovea
