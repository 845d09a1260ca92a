"""A PyTorch photo classifier as ONNX: a small one, trained here on plain colours.

    pip install torch==2.15.0 onnx==1.23.2 onnxscript==0.7.2 pillow
    python pytorch_export.py OUT
"""

import pathlib
import sys

import torch
from PIL import Image

out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
golden = out / "golden"
golden.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)

names = ["red", "green", "blue"]
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def colours(count):
    """Noise with one channel raised: pixels of 0 to 1 and the channel."""
    which = torch.randint(0, 3, (count,))
    pixels = torch.rand(count, 3, 32, 32) * 0.5
    pixels[torch.arange(count), which] += 0.4
    return pixels, which


class Colours(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(
            torch.nn.Conv2d(3, 4, 3, stride=2), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
        )
        self.head = torch.nn.Linear(4, len(names))

    def forward(self, pixels):
        return self.head(self.features(pixels))


model = Colours()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for _ in range(200):
    pixels, which = colours(64)
    loss = torch.nn.functional.cross_entropy(model((pixels - mean) / deviation), which)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

model.eval()
torch.onnx.export(
    model,
    (torch.zeros(2, 3, 32, 32),),
    out / "colours-pytorch.onnx",
    input_names=["pixels"],
    output_names=["logits"],
    # The first dimension is free; a name for it is what people read later.
    dynamic_shapes={"pixels": {0: torch.export.Dim("N")}},
    opset_version=18,
    dynamo=True,
    # One file. With True the weights go to colours-pytorch.onnx.data, which `pack build` takes along.
    external_data=False,
)

(out / "labels.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
pixels, which = colours(3)
for index in range(3):
    image = (pixels[index].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    Image.fromarray(image).save(golden / f"{index}-{names[which[index]]}.png")
print([names[row] for row in model((pixels - mean) / deviation).argmax(1)], [names[row] for row in which])
