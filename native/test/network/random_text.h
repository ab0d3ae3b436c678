#pragma once

#include <random>
#include <string>

namespace fovea {

/// A text drawn from a seed: convolutions with all that may stand between them.
class RandomText {
 public:
  explicit RandomText(unsigned seed) : random_(seed) {
    height_ = Int(5, 12);
    width_ = Int(5, 12);
    Add("Input shape=" + std::to_string(height_) + "," + std::to_string(width_) + "," +
        std::to_string(Int(1, 3)));
    const int blocks = Int(1, 4);
    for (int block = 0; block < blocks; ++block) AddBlock();
    if (Int(0, 2) == 0) {
      Add("GlobalAveragePool2d");
    } else {
      Add("Flatten");
    }
    if (Int(0, 1) == 0) Add("Dropout rate=0.4");
    Add("Dense units=4");
    const std::string logits = last_;
    Add("Target");
    Add("SoftmaxCrossEntropy from=" + logits + "," + last_);
  }

  const std::string& text() const { return text_; }

 private:
  int Int(int first, int last) { return std::uniform_int_distribution(first, last)(random_); }

  void Add(const std::string& layer) {
    last_ = "layer" + std::to_string(count_++);
    text_ += last_ + " " + layer + "\n";
  }

  void AddConv(int filters, const std::string& from = "") {
    Add("Conv2d filters=" + std::to_string(filters) + " kernel=" + std::to_string(Int(1, 3)) + "," +
        std::to_string(Int(1, 4)) + (Int(0, 3) == 0 ? " bias=false" : "") +
        (Int(0, 2) == 0 ? " dilation=2" : "") + from);
    if (Int(0, 1) == 0) Add("Relu");
  }

  void AddBlock() {
    const int filters = Int(1, 9);
    AddConv(filters);
    const std::string before = last_;
    switch (Int(0, 6)) {
      case 0: {  // two branches that are added, one of them perhaps plain
        AddConv(filters);
        if (Int(0, 1) == 0) Add("Dropout rate=0.3");
        Add("Add from=" + before + "," + last_);
        break;
      }
      case 1: {
        AddConv(Int(1, 5), " from=" + before);
        Add("Concat from=" + last_ + "," + before);
        break;
      }
      case 2:
        Add("BatchNorm normalizationRows=8");
        break;
      case 3:
        Add("Dropout rate=0.3");
        break;
      case 4: {
        Add("Conv2d filters=" + std::to_string(filters) + " kernel=2");
        const std::string owner = last_;
        Add("Conv2d filters=" + std::to_string(filters) + " kernel=2 weightsOf=" + owner);
        break;
      }
      default:
        break;
    }
    if (height_ < 4 || width_ < 4) return;
    switch (Int(0, 3)) {
      case 0:
        Add("MaxPool2d kernel=3 stride=2 padding=1");
        break;
      case 1:
        Add("AveragePool2d kernel=3 stride=2 padding=1");
        break;
      case 2:
        Add("Conv2d filters=3 kernel=3 stride=2 padding=1");
        break;
      default:
        return;
    }
    height_ = (height_ + 1) / 2;
    width_ = (width_ + 1) / 2;
  }

  std::mt19937 random_;
  int height_, width_;
  int count_ = 0;
  std::string last_, text_;
};

}  // namespace fovea
