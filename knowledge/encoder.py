"""The sentence encoder: int8 ONNX weights run by onnxruntime inside a ``SentenceTransformer``.

sentence-transformers' own ONNX back end needs a package that conflicts with sentence-transformers 6; this
module needs nothing more. CLS pooling; vectors are L2-normalised, so that inner product is cosine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import InputModule, Normalize

from wenban import modelstore
from wenban.sentence_onnx import DIMENSION, OnnxSentenceModel

Vectors = npt.NDArray[np.float32]


class OnnxTransformer(InputModule):  # type: ignore[misc]
    """The ONNX graph as the first module of a ``SentenceTransformer``."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        super().__init__()
        self._onnx = OnnxSentenceModel(folder, threads)
        self.tokenizer = self._onnx.tokenizer

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        features = self._onnx.tokenize([(prompt or "") + text for text in inputs])
        return {name: torch.from_numpy(values) for name, values in features.items()}

    def forward(self, features: dict[str, torch.Tensor], **kwargs: Any) -> dict[str, torch.Tensor]:
        arrays = {name: tensor.numpy() for name, tensor in features.items()}
        features["sentence_embedding"] = torch.from_numpy(self._onnx.run(arrays))
        return features

    def get_embedding_dimension(self) -> int:
        return DIMENSION

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("the weights live in the model store")


class Encoder:
    """Turn sentences into unit vectors, shape ``(n, dimension)``, float32."""

    dimension = DIMENSION

    def __init__(self, folder: Path | None = None, threads: int = 1) -> None:
        torch.set_num_threads(1)  # torch only pools and normalises here
        folder = folder or modelstore.ensure(modelstore.table()["encoder"])
        self._model = SentenceTransformer(modules=[OnnxTransformer(folder, threads), Normalize()], device="cpu")

    def encode(self, texts: list[str], batch_size: int = 16) -> Vectors:
        """Encode ``texts``; the same text gives nearly the same vector alone or in a batch (int8: cosine >= 0.99)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(texts, batch_size=batch_size, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, np.float32)
