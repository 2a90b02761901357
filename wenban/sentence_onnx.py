"""Run the sentence encoder's ONNX graph: the part that both environments share (numpy and onnxruntime only)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

MAX_TOKENS = 256
DIMENSION = 512
Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


class OnnxSentenceModel:
    """Tokenise and embed; the sentence vector is the [CLS] row, not yet normalised."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.enable_padding()
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(
            str(folder / "onnx" / "model_quantized.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [node.name for node in self._session.get_inputs()]

    def tokenize(self, texts: list[str]) -> dict[str, Ids]:
        # The vocabulary is lower-case but tokenizer.json does not lower-case: "VR" would become [UNK].
        encodings = self.tokenizer.encode_batch([text.lower() for text in texts])
        return {
            "input_ids": np.array([e.ids for e in encodings], np.int64),
            "attention_mask": np.array([e.attention_mask for e in encodings], np.int64),
            "token_type_ids": np.array([e.type_ids for e in encodings], np.int64),
        }

    def run(self, features: dict[str, Ids]) -> Vectors:
        """Return [CLS] vectors, shape (n, 512)."""
        hidden = self._session.run(None, {name: features[name] for name in self._inputs})[0]
        return np.ascontiguousarray(hidden[:, 0])

    def embed(self, texts: list[str]) -> Vectors:
        """Return unit vectors, shape (n, 512)."""
        vectors = self.run(self.tokenize(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
