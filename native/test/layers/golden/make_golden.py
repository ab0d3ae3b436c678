"""Makes the golden values beside this file: layers computed by numpy, scipy and, for Lstm and
ConvTranspose2d, PyTorch, in float64.

Nothing here is shared with the layers under test. Convolutions are scipy.signal.correlate2d and
convolve2d on zero-padded images and dilated kernels; derivatives of pools and batch norm are read
off the functions themselves (unit vectors for linear ones, the complex step for smooth ones).

Run: python make_golden.py   (writes *.inc, which golden_test.cc includes)
"""

import datetime
import pathlib
import platform

import numpy as np
import scipy
import torch
from scipy.signal import convolve2d, correlate2d
from scipy.special import log_softmax

SEED = 20240521
RNG = np.random.default_rng(SEED)
HERE = pathlib.Path(__file__).parent


def eighths(*shape):
    """Multiples of 1/8 from -2 to 2: short to write, and their products and sums are exact."""
    return RNG.integers(-16, 17, size=shape) / 8.0


def distinct(*shape):
    """Multiples of 1/8, no two equal."""
    count = int(np.prod(shape))
    return ((RNG.permutation(count) - count // 2) / 8.0).reshape(shape)


# --- convolution -------------------------------------------------------------------------------


def dilate(matrix, dh, dw):
    """Zeros between the elements of a matrix."""
    out = np.zeros(((matrix.shape[0] - 1) * dh + 1, (matrix.shape[1] - 1) * dw + 1))
    out[::dh, ::dw] = matrix
    return out


def conv(src, weight, stride, padding, dilation, groups, diff_dst=None):
    """dst [N, OH, OW, OC]; with diff_dst also the gradients of src and weight."""
    (sh, sw), (top, bottom, left, right), (dh, dw) = stride, padding, dilation
    padded = np.pad(src, ((0, 0), (top, bottom), (left, right), (0, 0)))
    kh, kw, group_ic, oc = weight.shape
    full_h = padded.shape[1] - (kh - 1) * dh
    full_w = padded.shape[2] - (kw - 1) * dw
    dst = np.zeros((src.shape[0], -(-full_h // sh), -(-full_w // sw), oc))
    diff_padded, diff_weight = np.zeros_like(padded), np.zeros_like(weight)
    for n in range(src.shape[0]):
        for o in range(oc):
            for i in range(group_ic):
                c = o // (oc // groups) * group_ic + i
                kernel = dilate(weight[:, :, i, o], dh, dw)
                dst[n, :, :, o] += correlate2d(padded[n, :, :, c], kernel, "valid")[::sh, ::sw]
                if diff_dst is None:
                    continue
                diff = np.zeros((full_h, full_w))
                diff[::sh, ::sw] = diff_dst[n, :, :, o]
                diff_padded[n, :, :, c] += convolve2d(diff, kernel, "full")
                taps = correlate2d(padded[n, :, :, c], diff, "valid")
                diff_weight[:, :, i, o] += taps[::dh, ::dw]
    bottom, right = padded.shape[1] - bottom, padded.shape[2] - right
    return dst, diff_padded[:, top:bottom, left:right], diff_weight


def conv_case(attributes, shape, kernel, oc, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1),
              groups=1):
    rows = 2
    src = eighths(rows, *shape)
    weight = eighths(*kernel, shape[2] // groups, oc)
    bias = eighths(oc)
    dst, _, _ = conv(src, weight, stride, padding, dilation, groups)
    diff_dst = eighths(*dst.shape)
    _, diff_src, diff_weight = conv(src, weight, stride, padding, dilation, groups, diff_dst)
    return ("Conv2d", attributes, [shape], rows, True, [src], [weight, bias], dst + bias, diff_dst,
            [diff_src], [diff_weight, diff_dst.sum(axis=(0, 1, 2))])


def conv_cases():
    # For `same` the padding is TensorFlow's: the odd pixel goes to the bottom and right.
    return [
        conv_case("filters=3 kernel=3", (5, 6, 2), (3, 3), 3, padding=(1, 1, 1, 1)),
        conv_case("filters=2 kernel=2", (4, 5, 2), (2, 2), 2, padding=(0, 1, 0, 1)),
        conv_case("filters=3 kernel=3 stride=2", (6, 7, 2), (3, 3), 3, (2, 2), (0, 1, 1, 1)),
        conv_case("filters=2 kernel=3 stride=2 padding=valid", (6, 7, 2), (3, 3), 2, (2, 2)),
        conv_case("filters=2 kernel=3 dilation=2", (6, 5, 2), (3, 3), 2, (1, 1), (2, 2, 2, 2),
                  (2, 2)),
        conv_case("filters=4 kernel=3 groups=2", (5, 4, 4), (3, 3), 4, padding=(1, 1, 1, 1),
                  groups=2),
        conv_case("filters=2 kernel=3,2 padding=0,1,2,3", (5, 4, 2), (3, 2), 2,
                  padding=(0, 1, 2, 3)),
        conv_case("filters=3 kernel=1 stride=2 padding=valid", (5, 6, 3), (1, 1), 3, (2, 2)),
        conv_case("filters=2 kernel=3,2 stride=3,2 dilation=2,3 padding=2,1,1,2 groups=2",
                  (7, 6, 4), (3, 2), 2, (3, 2), (2, 1, 1, 2), (2, 3), 2),
    ]


# --- pools -------------------------------------------------------------------------------------


def windows(src, kernel, stride, padding, outside):
    """[N, OH, OW, C, KH * KW], `outside` in the padding."""
    top, bottom, left, right = padding
    padded = np.pad(src, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=outside)
    view = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(1, 2))
    view = view[:, ::stride[0], ::stride[1]]
    return view.reshape(*view.shape[:4], -1)


def max_pool_case(attributes, shape, kernel, stride, padding):
    rows = 2
    src = distinct(rows, *shape)
    dst = windows(src, kernel, stride, padding, -np.inf).max(axis=-1)
    diff_dst = eighths(*dst.shape)
    diff_src = np.zeros_like(src)
    for index, value in np.ndenumerate(dst):  # values are distinct, so that a value names its pixel
        diff_src[src == value] += diff_dst[index]
    return ("MaxPool2d", attributes, [shape], rows, True, [src], [], dst, diff_dst, [diff_src], [])


def average_pool_case(attributes, shape, kernel, stride, padding):
    rows = 1
    src = eighths(rows, *shape)
    pool = lambda x: np.nanmean(windows(x, kernel, stride, padding, np.nan), axis=-1)
    dst = pool(src)
    diff_dst = eighths(*dst.shape)
    diff_src = np.zeros_like(src)
    for index in np.ndindex(src.shape):  # linear: the gradient is the response to unit vectors
        unit = np.zeros_like(src)
        unit[index] = 1
        diff_src[index] = (pool(unit) * diff_dst).sum()
    return ("AveragePool2d", attributes, [shape], rows, True, [src], [], dst, diff_dst, [diff_src],
            [])


def pool_cases():
    settings = [
        ("kernel=2 stride=2", (4, 6, 2), (2, 2), (2, 2), (0, 0, 0, 0)),
        ("kernel=3 stride=2 padding=same", (5, 6, 2), (3, 3), (2, 2), (1, 1, 0, 1)),
        ("kernel=3,2 stride=1,3 padding=2,0,0,1", (4, 5, 1), (3, 2), (1, 3), (2, 0, 0, 1)),
    ]
    return [make(*s) for s in settings for make in (max_pool_case, average_pool_case)]


# --- batch norm --------------------------------------------------------------------------------


def gradient(loss, x):
    """The complex step: exact to rounding."""
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[index] += 1e-30j
        out[index] = loss(moved).imag / 1e-30
    return out


def batch_norm(x, gamma, beta, mean, variance, epsilon, training):
    axes = tuple(range(x.ndim - 1))
    if training:
        mean = x.mean(axis=axes)
        variance = ((x - mean) ** 2).mean(axis=axes)
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


def batch_norm_case(shape, rows, epsilon, training):
    channels = shape[-1]
    src = eighths(rows, *shape)
    gamma, beta, mean = eighths(channels), eighths(channels), eighths(channels)
    variance = RNG.integers(4, 17, size=channels) / 8.0
    diff_dst = eighths(rows, *shape)
    run = lambda x, g, b: batch_norm(x, g, b, mean, variance, epsilon, training)
    axes = tuple(range(src.ndim - 1))
    # Rows times the statistic: what one step adds to a running average before it is divided by the
    # rows. Unbiased, as torch.nn.BatchNorm2d keeps it.
    statistics = [rows * src.mean(axis=axes), rows * src.var(axis=axes, ddof=1)]
    return ("BatchNorm", f"epsilon={epsilon}", [shape], rows, training, [src],
            [gamma, beta, mean, variance], run(src, gamma, beta), diff_dst,
            [gradient(lambda x: (run(x, gamma, beta) * diff_dst).sum(), src)],
            [gradient(lambda g: (run(src, g, beta) * diff_dst).sum(), gamma),
             diff_dst.sum(axis=axes)]
            + (statistics if training else [np.zeros(channels)] * 2))


def batch_norm_cases():
    return [
        batch_norm_case((3, 2, 3), 4, 0.001, True),
        batch_norm_case((5,), 6, 1e-05, True),
        batch_norm_case((2, 2, 3), 3, 0.001, False),
    ]


# --- softmax cross-entropy ---------------------------------------------------------------------


def softmax_case(classes, rows, scale):
    logits = eighths(rows, classes) * scale
    labels = RNG.integers(0, classes, size=rows)
    pick = (np.arange(rows), labels)
    diff_dst = eighths(rows)
    largest = logits.max(axis=1, keepdims=True)
    log_sum = lambda x: np.log(np.exp(x - largest).sum(axis=1, keepdims=True)) + largest
    smooth = lambda x: (log_sum(x) - x)[pick]
    return ("SoftmaxCrossEntropy", "", [(classes,), (1,)], rows, True,
            [logits, labels.astype(float)], [], -log_softmax(logits, axis=1)[pick], diff_dst,
            [gradient(lambda x: (smooth(x) * diff_dst).sum(), logits), np.zeros(rows)], [])


def softmax_cases():
    return [softmax_case(10, 4, 1), softmax_case(2, 3, 8), softmax_case(5, 3, 32)]


# --- lstm --------------------------------------------------------------------------------------


def from_torch(parameter):
    """[4 U, ...] with the gates in PyTorch's order i, f, g, o to [..., 4 U] with i, f, o, g."""
    i, f, g, o = np.split(parameter.detach().numpy(), 4)
    return np.concatenate([i, f, o, g]).T


def lstm_case(attributes, rows, steps, inputs, units, sequence):
    layer = torch.nn.LSTM(inputs, units, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.from_numpy(eighths(*parameter.shape)))
        layer.bias_hh_l0.zero_()  # a second bias, added to the first
    src = eighths(rows, steps, inputs)
    leaf = torch.from_numpy(src).requires_grad_()
    states, _ = layer(leaf)
    dst = states if sequence else states[:, -1]
    diff_dst = eighths(*dst.shape)
    dst.backward(torch.from_numpy(diff_dst))
    parameters = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0]
    return ("Lstm", f"units={units} {attributes}".strip(), [(steps, inputs)], rows, True, [src],
            [from_torch(p) for p in parameters], dst.detach().numpy(), diff_dst,
            [leaf.grad.numpy()], [from_torch(p.grad) for p in parameters])


def lstm_cases():
    return [
        lstm_case("", 2, 5, 3, 4, True),
        lstm_case("sequence=false", 3, 4, 2, 5, False),
        lstm_case("sequence=false", 1, 1, 1, 1, False),
        lstm_case("", 2, 3, 6, 9, True),
    ]


# --- transposed convolution ---------------------------------------------------------------------


def channels_first(array):
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(array, -1, 1)))


def conv_transpose_case(attributes, shape, kernel, oc, groups=1, **settings):
    """PyTorch's weight is [IC, OC / groups, KH, KW]."""
    rows = 2
    src, bias = eighths(rows, *shape), eighths(oc)
    weight = eighths(*kernel, oc // groups, shape[2])
    leaves = [channels_first(src), torch.from_numpy(weight.transpose(3, 2, 0, 1).copy()),
              torch.from_numpy(bias)]
    for leaf in leaves:
        leaf.requires_grad_()
    dst = torch.nn.functional.conv_transpose2d(*leaves, groups=groups, **settings)
    diff_dst = eighths(rows, dst.shape[2], dst.shape[3], oc)
    dst.backward(channels_first(diff_dst))
    diff_src, diff_weight, diff_bias = (leaf.grad.numpy() for leaf in leaves)
    return ("ConvTranspose2d", attributes, [shape], rows, True, [src], [weight, bias],
            np.moveaxis(dst.detach().numpy(), 1, -1), diff_dst, [np.moveaxis(diff_src, 1, -1)],
            [diff_weight.transpose(2, 3, 1, 0), diff_bias])


def conv_transpose_cases():
    return [
        conv_transpose_case("filters=3 kernel=3", (3, 4, 2), (3, 3), 3),
        conv_transpose_case("filters=2 kernel=2 stride=2", (3, 2, 3), (2, 2), 2, stride=2),
        conv_transpose_case("filters=3 kernel=3 stride=2 padding=1 outputPadding=1", (3, 4, 2),
                            (3, 3), 3, stride=2, padding=1, output_padding=1),
        conv_transpose_case("filters=2 kernel=4 stride=2 padding=1", (3, 3, 2), (4, 4), 2,
                            stride=2, padding=1),
        conv_transpose_case("filters=2 kernel=1 stride=3", (2, 3, 3), (1, 1), 2, stride=3),
        conv_transpose_case("filters=4 kernel=3 stride=2 padding=1 groups=2", (3, 3, 6), (3, 3), 4,
                            2, stride=2, padding=1),
        conv_transpose_case("filters=2 kernel=3,2 stride=3,2 padding=2,1 dilation=2,3 "
                            "outputPadding=2", (3, 4, 2), (3, 2), 2, stride=(3, 2),
                            padding=(2, 1), dilation=(2, 3), output_padding=2),
    ]


# --- writing -----------------------------------------------------------------------------------


def numbers(array):
    """A string of C++: compilers take long over long lists of numbers."""
    return '"' + " ".join(repr(float(x) + 0.0).removesuffix(".0") for x in np.ravel(array)) + '"'


def write(name, cases, maker=scipy):
    lines = [f"// Golden values made by make_golden.py with Python {platform.python_version()}, "
             f"numpy {np.__version__}, {maker.__name__} {maker.__version__},",
             f"// seed {SEED}, on {datetime.date.today()}. Do not edit: run the script."]
    for case in cases:
        (layer, attributes, shapes, rows, training, src, parameters, dst, diff_dst, diff_src,
         diffs) = case
        shape_text = ", ".join("{" + ", ".join(map(str, s)) + "}" for s in shapes)
        flag = str(training).lower()
        lines.append(f'{{"{layer}", "{attributes}", {{{shape_text}}}, {rows}, {flag},')
        for arrays in (src, parameters, [dst], [diff_dst], diff_src, diffs):
            lines.append(" {" + ",\n  ".join(map(numbers, arrays)) + "},")
        lines.append("},")
    (HERE / name).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write("conv2d.inc", conv_cases())
    write("pools.inc", pool_cases())
    write("batch_norm.inc", batch_norm_cases())
    write("softmax_cross_entropy.inc", softmax_cases())
    write("lstm.inc", lstm_cases(), torch)
    write("conv_transpose2d.inc", conv_transpose_cases(), torch)
