"""The sentence encoder: int8 ONNX weights run by onnxruntime inside a ``SentenceTransformer``.

sentence-transformers' own ONNX back end needs a package that conflicts with sentence-transformers 6; this
module needs nothing more. CLS pooling; vectors are L2-normalised, so that inner product is cosine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import InputModule, Normalize
from tokenizers import Tokenizer

from wenban import modelstore

Vectors = npt.NDArray[np.float32]
MAX_TOKENS = 256


class OnnxTransformer(InputModule):  # type: ignore[misc]
    """Tokenise, run the ONNX graph, keep the [CLS] vector."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        super().__init__()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.enable_padding()
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(
            str(folder / "onnx" / "model_quantized.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {node.name for node in self._session.get_inputs()}

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        # The vocabulary is lower-case but tokenizer.json does not lower-case: "VR" would become [UNK].
        encodings = self.tokenizer.encode_batch([((prompt or "") + text).lower() for text in inputs])
        return {
            "input_ids": torch.tensor([e.ids for e in encodings], dtype=torch.int64),
            "attention_mask": torch.tensor([e.attention_mask for e in encodings], dtype=torch.int64),
            "token_type_ids": torch.tensor([e.type_ids for e in encodings], dtype=torch.int64),
        }

    def forward(self, features: dict[str, torch.Tensor], **kwargs: Any) -> dict[str, torch.Tensor]:
        feed = {name: features[name].numpy() for name in self._inputs}
        hidden = self._session.run(None, feed)[0]
        features["sentence_embedding"] = torch.from_numpy(np.ascontiguousarray(hidden[:, 0]))
        return features

    def get_embedding_dimension(self) -> int:
        return int(self._session.get_outputs()[0].shape[-1])

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("the weights live in the model store")


class Encoder:
    """Turn sentences into unit vectors, shape ``(n, dimension)``, float32."""

    def __init__(self, folder: Path | None = None, threads: int = 1) -> None:
        torch.set_num_threads(1)  # torch only pools and normalises here
        folder = folder or modelstore.ensure(modelstore.table()["encoder"])
        self._model = SentenceTransformer(modules=[OnnxTransformer(folder, threads), Normalize()], device="cpu")
        self.dimension = 512

    def encode(self, texts: list[str], batch_size: int = 16) -> Vectors:
        """Encode ``texts``; the same text gives nearly the same vector alone or in a batch (int8: cosine >= 0.99)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(texts, batch_size=batch_size, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, np.float32)
