"""A Keras photo classifier as ONNX: a small one, trained here on plain colours.

    pip install tensorflow-cpu==2.21.0 tf2onnx==1.17.0 onnx pillow
    python keras_export.py OUT
"""

import pathlib
import sys

import numpy as np
import tensorflow as tf
import tf2onnx
from PIL import Image

out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
golden = out / "golden"
golden.mkdir(parents=True, exist_ok=True)
tf.keras.utils.set_random_seed(0)

names = ["red", "green", "blue"]


def colours(count):
    """Noise with one channel raised: pixels of 0 to 255 and the channel."""
    which = np.random.randint(0, 3, count)
    pixels = np.random.rand(count, 32, 32, 3) * 128
    pixels[np.arange(count), :, :, which] += 100
    return pixels.astype(np.float32), which


model = tf.keras.Sequential(
    [
        tf.keras.Input((32, 32, 3), name="pixels"),
        # What MobileNet's preprocess_input does stays outside: the preset keras-mobilenet does it.
        tf.keras.layers.Conv2D(4, 3, strides=2, activation="relu"),
        tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(len(names), activation="softmax"),
    ]
)
model.compile(tf.keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
pixels, which = colours(2048)
model.fit(pixels / 127.5 - 1, which, epochs=4, verbose=0)

function = tf.function(lambda pixels: {"scores": model(pixels, training=False)})
tf2onnx.convert.from_function(
    function,
    input_signature=[tf.TensorSpec((None, 32, 32, 3), tf.float32, name="pixels")],
    opset=17,
    output_path=str(out / "colours-keras.onnx"),
)

(out / "labels.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
pixels, which = colours(3)
for index in range(3):
    Image.fromarray(pixels[index].round().astype(np.uint8)).save(golden / f"{index}-{names[which[index]]}.png")
print([names[row] for row in model(pixels / 127.5 - 1).numpy().argmax(1)], [names[row] for row in which])
