/// The whole boundary between Java and native: NativeMethods.java declares these functions. Each
/// converts its arguments, calls one function and converts the answer; there is no logic here. A
/// handle is a Network<float>*, owned by the Java object that received it. Buffers are direct,
/// belong to Java and are not kept after the call.

#include <jni.h>

#include "jni/guard.h"
#include "jni/library_info.h"
#include "layers/text.h"
#include "network/describe.h"
#include "network/network.h"
#include "optimizers/optimizer.h"

namespace fovea {
namespace {

Network<float>& ToNetwork(jlong handle) { return *reinterpret_cast<Network<float>*>(handle); }

Mode ToMode(const std::string& mode) {
  if (mode == "train") return Mode::kTrain;
  if (mode == "evaluate") return Mode::kEvaluate;
  if (mode == "predict") return Mode::kPredict;
  throw Error("Mode: expected one of train, evaluate, predict. Received: '" + mode + "'.");
}

void CheckRows(const Network<float>& network, int64_t rows) {
  if (rows < 1 || rows > network.max_rows()) {
    throw Error("Rows: expected 1 to " + std::to_string(network.max_rows()) +
                ", the most this replica was made for. Received: " + std::to_string(rows) + ".");
  }
}

std::span<const std::byte> Records(JNIEnv* env, const Network<float>& network, jobject records,
                                   int64_t rows) {
  CheckRows(network, rows);
  return ToSpan<const std::byte>(env, records, rows * network.record_bytes(), "records");
}

std::span<const float> WeightsOf(JNIEnv* env, const Network<float>& network, jobject weights) {
  return ToSpan<const float>(env, weights, network.weight_count(), "weights");
}

/// Adds to the three doubles of `buffer`: weight, loss, correct.
void AddSums(JNIEnv* env, jobject buffer, const StepSums& sums) {
  const std::span<double> to = ToSpan<double>(env, buffer, 3, "sums");
  to[0] += sums.weight;
  to[1] += sums.loss;
  to[2] += sums.correct;
}

}  // namespace
}  // namespace fovea

using namespace fovea;  // NOLINT(google-build-using-namespace): JNI names live outside the
                        // namespace

#define FOVEA_NATIVE(type, name) \
  JNIEXPORT type JNICALL Java_dev_fovea_core_runtime_NativeMethods_##name

extern "C" {

FOVEA_NATIVE(jstring, libraryInfo)(JNIEnv* env, jclass) {
  return Guard(env, [&] { return env->NewStringUTF(LibraryInfo().c_str()); });
}

FOVEA_NATIVE(jlong, create)
(JNIEnv* env, jclass, jbyteArray text, jbyteArray mode, jbyteArray outputs, jint max_rows,
 jint max_stretches, jint lanes, jlong bucket_bytes, jbyteArray target) {
  return Guard(env, [&] {
    PlanOptions options{ToMode(ToString(env, mode)), SplitNames(ToString(env, outputs)), max_rows,
                        lanes, bucket_bytes};
    options.max_stretches = max_stretches;
    return reinterpret_cast<jlong>(
        new Network<float>(ToString(env, text), std::move(options), ToString(env, target)));
  });
}

FOVEA_NATIVE(void, destroy)(JNIEnv*, jclass, jlong handle) { delete &ToNetwork(handle); }

FOVEA_NATIVE(jstring, describe)(JNIEnv* env, jclass, jlong handle) {
  return Guard(env, [&] { return env->NewStringUTF(Describe(ToNetwork(handle)).c_str()); });
}

FOVEA_NATIVE(void, initialize)(JNIEnv* env, jclass, jlong handle, jlong seed, jobject weights) {
  Guard(env, [&] {
    const Network<float>& network = ToNetwork(handle);
    network.Initialize(static_cast<uint64_t>(seed),
                       ToSpan<float>(env, weights, network.weight_count(), "weights"));
  });
}

FOVEA_NATIVE(void, prepare)(JNIEnv* env, jclass, jlong handle, jint lane, jobject weights) {
  Guard(env, [&] {
    Network<float>& network = ToNetwork(handle);
    network.Prepare(lane, WeightsOf(env, network, weights));
  });
}

FOVEA_NATIVE(void, addGradient)
(JNIEnv* env, jclass, jlong handle, jint lane, jint segment, jint part, jint begin, jint rows,
 jint call_rows, jobject records, jobject weights, jobject gradient, jobject sums, jlong seed,
 jlong step, jlong first_row) {
  Guard(env, [&] {
    Network<float>& network = ToNetwork(handle);
    const RandomKey random{static_cast<uint64_t>(seed), static_cast<uint64_t>(step), 0, first_row};
    StepSums part_sums;
    network.AddGradient(
        {lane, segment, part, begin, rows, random}, Records(env, network, records, call_rows),
        WeightsOf(env, network, weights),
        ToSpan<float>(env, gradient, network.GradientCount(lane, segment), "gradient"), part_sums);
    AddSums(env, sums, part_sums);
  });
}

FOVEA_NATIVE(void, evaluate)
(JNIEnv* env, jclass, jlong handle, jint lane, jint segment, jint part, jint begin, jint rows,
 jint call_rows, jobject records, jobject weights, jobject sums) {
  Guard(env, [&] {
    Network<float>& network = ToNetwork(handle);
    StepSums part_sums;
    network.Evaluate({lane, segment, part, begin, rows, {}},
                     Records(env, network, records, call_rows), WeightsOf(env, network, weights),
                     part_sums);
    AddSums(env, sums, part_sums);
  });
}

FOVEA_NATIVE(void, predict)
(JNIEnv* env, jclass, jlong handle, jint lane, jint rows, jobject records, jobject weights,
 jobject outputs) {
  Guard(env, [&] {
    Network<float>& network = ToNetwork(handle);
    network.Predict(lane, rows, Records(env, network, records, rows),
                    WeightsOf(env, network, weights),
                    ToSpan<float>(env, outputs, rows * network.OutputSize(), "outputs"));
  });
}

FOVEA_NATIVE(void, accumulate)
(JNIEnv* env, jclass, jobject dst, jlong dst_offset, jobject src, jlong src_offset, jlong count) {
  Guard(env, [&] {
    const std::span<float> to = ToSpan<float>(env, dst, dst_offset, count, "dst");
    const std::span<const float> from = ToSpan<const float>(env, src, src_offset, count, "src");
    KernelsFor<float>().accumulate(count, from.data(), to.data());
  });
}

FOVEA_NATIVE(jboolean, allFinite)(JNIEnv* env, jclass, jobject src, jlong offset, jlong count) {
  return Guard(env, [&]() -> jboolean {
    const std::span<const float> from = ToSpan<const float>(env, src, offset, count, "src");
    return KernelsFor<float>().all_finite(count, from.data()) ? JNI_TRUE : JNI_FALSE;
  });
}

FOVEA_NATIVE(void, optimizerStep)
(JNIEnv* env, jclass, jbyteArray text, jlong step, jdouble learning_rate, jdouble l2,
 jdouble gradient_scale, jobject weights, jobject gradient, jobject state, jlong weight_count,
 jlong offset, jlong count) {
  Guard(env, [&] {
    const std::unique_ptr<Optimizer> optimizer = CreateOptimizer(ToString(env, text));
    const UpdateArgs<float> update{
        count,
        learning_rate,
        l2,
        gradient_scale,
        ToSpan<float>(env, weights, offset, count, "weights").data(),
        ToSpan<const float>(env, gradient, offset, count, "gradient").data()};
    if (offset + count > weight_count) {
      throw Error("Optimizer step: expected floats below the weight count " +
                  std::to_string(weight_count) + ". Received: " + std::to_string(count) + " from " +
                  std::to_string(offset) + " on.");
    }
    float* slots = nullptr;
    if (optimizer->Slots() > 0) {
      slots = ToSpan<float>(env, state, optimizer->Slots() * weight_count, "state").data() + offset;
    }
    optimizer->Step(update, KernelsFor<float>(), step, slots, weight_count);
  });
}

}  // extern "C"
