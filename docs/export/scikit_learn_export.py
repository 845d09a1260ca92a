"""A scikit-learn pipeline as ONNX, with golden inputs beside it.

    pip install scikit-learn==1.9.1 skl2onnx==1.20.0
    python scikit_learn_export.py OUT
"""

import pathlib
import sys

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
golden = out / "golden"
golden.mkdir(parents=True, exist_ok=True)

iris = load_iris()
pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, random_state=0))
pipeline.fit(iris.data.astype(np.float32), iris.target)

# Without zipmap=False the probabilities would be a list of dictionaries, which is no tensor.
model = to_onnx(
    pipeline,
    iris.data[:1].astype(np.float32),
    options={"zipmap": False},
    target_opset={"": 18, "ai.onnx.ml": 3},
)
(out / "iris.onnx").write_bytes(model.SerializeToString())
(out / "labels.txt").write_text("\n".join(iris.target_names) + "\n", encoding="utf-8")
np.save(golden / "six-flowers.npy", iris.data[::25].astype(np.float32))

# What scikit-learn itself says of them, to compare with.
print(pipeline.predict(iris.data[::25]), pipeline.predict_proba(iris.data[::25]).round(5).tolist())
