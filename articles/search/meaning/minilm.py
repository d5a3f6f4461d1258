"""
The sentence encoder all-MiniLM-L6-v2, in numpy alone: no deep-learning library, no network, no graphics card.

Wang et al. 2020; Reimers and Gurevych 2019. Six layers of BERT (Devlin et al. 2018), the mean of their outputs, of
length one. The weights are read from the file of a package, without importing the package, and are compared with their
known digest, so that no other model is taken for it. The file is mapped into memory: all processes share it.
"""

import hashlib
import json
import math
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the products are small: more threads wait for each other

import numpy as np

from articles.search.meaning.wordpiece import WordPieces

NAME = "all-MiniLM-L6-v2, 128 tokens, 8 bits"
WEIGHTS, PIECES = "model.safetensors", "vocab.txt"
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    PIECES: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
TOKENS = 128  # of a text; the rest is not read
LAYERS, HEADS, WIDTH = 6, 12, 384
TINY = 1e-12
STEPS = 127  # of 8 bits, for the values of a vector from 0 to 1
Array = Any  # of 32-bit numbers


class WrongFile(Exception):
    """A file of the model is not the known one."""


class MiniLM:
    """The encoder. A text is a vector of 384 signed bytes; two texts are alike by the cosine of their vectors."""

    name = NAME

    def __init__(self, folder: Path) -> None:
        """Open the files of the model. Raise WrongFile if their digests are not those above."""
        for file, known in SHA256.items():
            with open(folder / file, "rb") as opened:
                if hashlib.file_digest(opened, "sha256").hexdigest() != known:
                    raise WrongFile(f"{folder / file} is not the file of {NAME}.")
        self._folder = folder

    @cached_property
    def _pieces(self) -> WordPieces:
        return WordPieces((self._folder / PIECES).read_text(encoding="utf-8"))

    @cached_property
    def _weights(self) -> dict[str, Array]:
        """Return the arrays of a safetensors file by their names: 8 bytes of length, a JSON header, the numbers."""
        path = self._folder / WEIGHTS
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        numbers = np.asarray(np.memmap(path, mode="r", offset=8 + length))
        return {
            name: numbers[slice(*each["data_offsets"])].view("<f4").reshape(each["shape"])
            for name, each in header.items()
            if each.get("dtype") == "F32"
        }

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vector of each text. A text of 128 tokens takes about 60 ms of one core, a question 10 ms."""
        return [self._quantised(self._vector(self._pieces.numbers(text, TOKENS))) for text in texts]

    def likeness(self, one: bytes, others: Sequence[bytes]) -> list[float]:
        """Return for each of the other vectors how alike its text is, up to 1."""
        if not others:
            return []
        rows = np.frombuffer(b"".join(others), np.int8).reshape(len(others), WIDTH).astype(np.float32)
        products = rows @ np.frombuffer(one, np.int8).astype(np.float32)
        return [float(each) for each in products / STEPS**2]

    def _quantised(self, vector: Array) -> bytes:
        return bytes(np.rint(vector * STEPS).astype(np.int8).tobytes())

    def _vector(self, tokens: list[int]) -> Array:
        own = self._weights
        found = own["embeddings.word_embeddings.weight"][tokens] + own["embeddings.token_type_embeddings.weight"][0]
        found = self._levelled(found + own["embeddings.position_embeddings.weight"][: len(tokens)], "embeddings")
        for number in range(LAYERS):
            found = self._layer(found, f"encoder.layer.{number}")
        mean = found.mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), TINY)

    def _layer(self, given: Array, name: str) -> Array:
        attended = self._linear(self._attention(given, f"{name}.attention.self"), f"{name}.attention.output.dense")
        attended = self._levelled(attended + given, f"{name}.attention.output")
        inner = _gelu(self._linear(attended, f"{name}.intermediate.dense"))
        return self._levelled(self._linear(inner, f"{name}.output.dense") + attended, f"{name}.output")

    def _attention(self, given: Array, name: str) -> Array:
        each = WIDTH // HEADS
        query, key, value = (
            self._linear(given, f"{name}.{part}").reshape(-1, HEADS, each).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(each)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ value).transpose(1, 0, 2).reshape(-1, WIDTH)

    def _linear(self, given: Array, name: str) -> Array:
        return given @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _levelled(self, given: Array, name: str) -> Array:
        """Return each row with mean 0 and deviation 1, times the weights (Ba et al. 2016)."""
        about = given - given.mean(axis=-1, keepdims=True)
        spread = np.sqrt((about * about).mean(axis=-1, keepdims=True) + np.float32(TINY))
        return about / spread * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]


def _gelu(given: Array) -> Array:
    """Return x Φ(x) (Hendrycks and Gimpel 2016), with Φ from Abramowitz and Stegun 7.1.26, off by less than 2e-7."""
    x = np.abs(given) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * x)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(given) * (1 - series * np.exp(-x * x))
    return given * (1 + erf) / 2
