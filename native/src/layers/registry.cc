/// Every layer type, in alphabetical order: adding a layer adds one line to FOVEA_LAYERS.
/// A row says the name, the attributes with their defaults, and the kind.
/// Attributes without a default must be given in the text.

#include "layers/layer.h"

#define FOVEA_LAYERS(LAYER)                                                                    \
  LAYER(Add, "", kFunction)                                                                    \
  LAYER(AveragePool2d, "kernel stride padding=valid", kFunction)                               \
  LAYER(BatchNorm, "momentum=0.1 epsilon=1e-05 normalizationRows=32", kParametric)             \
  LAYER(Concat, "", kFunction)                                                                 \
  LAYER(Conv2d,                                                                                \
        "filters kernel stride=1 padding=same dilation=1 groups=1 bias=true convolution=auto", \
        kParametric)                                                                           \
  LAYER(ConvTranspose2d,                                                                       \
        "filters kernel stride=1 padding=valid outputPadding=0 dilation=1 groups=1 bias=true", \
        kParametric)                                                                           \
  LAYER(Dense, "units bias=true", kParametric)                                                 \
  LAYER(Dropout, "rate=0.5", kFunction)                                                        \
  LAYER(Flatten, "", kFunction)                                                                \
  LAYER(GlobalAveragePool2d, "", kFunction)                                                    \
  LAYER(Input, "shape dtype=float32 mean=0 std=1", kField)                                     \
  LAYER(Lstm, "units sequence=true forgetBias=0", kParametric)                                 \
  LAYER(MaxPool2d, "kernel stride padding=valid", kFunction)                                   \
  LAYER(Relu, "", kFunction)                                                                   \
  LAYER(SoftmaxCrossEntropy, "weight=1", kFunction)                                            \
  LAYER(Target, "shape=1", kField)

namespace fovea {

#define FOVEA_DECLARE(name, attributes, kind) \
  template <typename T>                       \
  LayerPtr<T> Create##name(const LayerContext<T>& context);
FOVEA_LAYERS(FOVEA_DECLARE)

namespace {

#define FOVEA_ROW(name, attributes, kind) \
  LayerType{#name, attributes, LayerKind::kind, Create##name<float>, Create##name<double>},
constexpr LayerType kLayerTypes[] = {FOVEA_LAYERS(FOVEA_ROW)};

}  // namespace

std::span<const LayerType> LayerTypes() { return kLayerTypes; }

const LayerType* FindLayerType(std::string_view name) {
  for (const LayerType& type : kLayerTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

std::string DeclaredAttributes(const LayerType& type) {
  return std::string(kCommonAttributes) +
         std::string(type.kind == LayerKind::kParametric ? kParameterAttributes : "") +
         std::string(type.attributes);
}

namespace {

/// The same, with kernels of the precision that the attributes ask for.
template <typename T>
LayerContext<T> InPrecision(const LayerType& type, const LayerContext<T>& context) {
  if (type.kind != LayerKind::kParametric) return context;
  const std::string precision = context.attributes.OneOf("precision", "float32 bfloat16");
  if (precision == "float32") return context;
  return {context.attributes, context.src,
          KernelsFor<T>(context.kernels.target, Precision::kBfloat16)};
}

}  // namespace

template <>
LayerPtr<float> CreateLayer(const LayerType& type, const LayerContext<float>& context) {
  return type.create_float(InPrecision(type, context));
}

template <>
LayerPtr<double> CreateLayer(const LayerType& type, const LayerContext<double>& context) {
  return type.create_double(InPrecision(type, context));
}

}  // namespace fovea
