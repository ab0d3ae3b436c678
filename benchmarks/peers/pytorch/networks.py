"""The networks of the tables in PyTorch: BenchmarkNetworks.java has the same, layer for layer."""

from torch import nn
from torch.nn import functional as F


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def vgg_small():
    layers, src = [], 3
    for width in (64, 128, 256):
        for _ in range(2):
            layers += [nn.Conv2d(src, width, 3, padding=1), nn.ReLU()]
            src = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Linear(512, 10))


class Residual(nn.Module):
    """Two normalised convolutions and a shortcut, projected where the shape changes."""

    def __init__(self, src, dst, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(src, dst, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(dst)
        self.conv2 = nn.Conv2d(dst, dst, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(dst)
        self.skip = nn.Identity()
        if stride != 1:
            self.skip = nn.Sequential(
                nn.Conv2d(src, dst, 1, stride, bias=False), nn.BatchNorm2d(dst))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.skip(x))


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    src = 16
    for dst, stride in ((16, 1), (16, 1), (16, 1), (32, 2), (32, 1), (32, 1),
                        (64, 2), (64, 1), (64, 1)):
        layers.append(Residual(src, dst, stride))
        src = dst
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def alexnet():
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(9216, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000))


class LstmClassifier(nn.Module):
    """The last state of one layer of 128 units, classified."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True)
        self.logits = nn.Linear(128, 10)

    def forward(self, x):
        return self.logits(self.lstm(x)[0][:, -1])


# name: how to make it, shape of a batch, classes
NETWORKS = {
    "lenet5": (lenet5, (64, 1, 28, 28), 10),
    "vgg_small": (vgg_small, (64, 3, 32, 32), 10),
    "resnet20": (resnet20, (64, 3, 32, 32), 10),
    "alexnet": (alexnet, (16, 3, 224, 224), 1000),
    "lstm_t28_h128": (LstmClassifier, (64, 28, 28), 10),
    "lstm_t64_h128": (LstmClassifier, (64, 64, 28), 10),
}
