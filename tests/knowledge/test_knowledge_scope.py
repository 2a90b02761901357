"""Check what the gate knows of sentences that are not ours."""

from __future__ import annotations

import numpy as np
import pytest
from knowledge_helpers import DIMENSION, HashEncoder

from knowledge.encoder import Encoder
from knowledge.pool import FEATURES, Found, Query, make_query
from knowledge.scope import GATE_FEATURES, OTHER_PLACES, OUT_OF_SCOPE, Gate, OutsideModel, gate_features, read_examples
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon

EXAMPLES = [("讲个笑话", "chat"), ("说个段子听听", "chat"), ("帮我写一首诗", "task"), ("写篇作文", "task")]


@pytest.fixture
def outside() -> OutsideModel:
    inside = HashEncoder().encode(["社保卡怎么办", "水费怎么交", "公积金余额"])
    places = ["北京", "济南", "大连", "东营"]
    return OutsideModel(EXAMPLES, inside, HashEncoder(), VectorCache(None), places)  # type: ignore[arg-type]


def _query(text: str, lexicon: Lexicon) -> Query:
    return make_query(text, HashEncoder(), lexicon)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("北京社保卡怎么补办", True),
        ("临沂社保卡怎么补办", False),
        ("社保卡怎么补办", False),
        ("从临沂迁到北京社保怎么转", False),  # ours: it begins here
        ("大连水费怎么交", True),
        ("房东营业执照怎么办", False),  # the characters, not the word
        ("去北京看病怎么报销", False),  # where one goes, not whose business it is
        ("从大连转社保要什么", False),
        ("北京的社保卡去哪补", True),
    ],
)
def test_another_place_is_a_word(outside: OutsideModel, lexicon: Lexicon, text: str, named: bool) -> None:
    assert outside.names_other_place(_query(text, lexicon)) is named


def test_an_example_is_nearest_to_itself(outside: OutsideModel, lexicon: Lexicon) -> None:
    nearest, three, score, place = outside.features(_query("讲个笑话", lexicon))
    assert nearest == pytest.approx(1, abs=1e-5)
    assert three <= nearest
    assert score > outside.features(_query("社保卡怎么办", lexicon))[2]
    assert place == 0


def test_category_is_that_of_the_nearest(outside: OutsideModel, lexicon: Lexicon) -> None:
    assert outside.category(_query("讲个笑话吧", lexicon)) == "chat"
    assert outside.category(_query("写一篇作文", lexicon)) == "task"


def test_gate_features_have_their_names(outside: OutsideModel, lexicon: Lexicon) -> None:
    none = Found([], np.zeros((0, len(FEATURES)), np.float32), [])
    row = gate_features(_query("水费怎么交", lexicon), none, 0.7, none, outside)
    assert row.shape == (len(GATE_FEATURES),)
    assert row[GATE_FEATURES.index("service_probability")] == pytest.approx(0.7)
    assert row[GATE_FEATURES.index("service_dense")] == 0


def test_the_gate_learns_a_border() -> None:
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(200, 3))
    gate = Gate.fit(rows, rows[:, 0] > 0)
    assert gate.probability(np.array([2.0, 0, 0])) > 0.9
    assert gate.probability(np.array([-2.0, 0, 0])) < 0.1


def test_our_examples_can_be_read() -> None:
    examples = read_examples(OUT_OF_SCOPE)
    assert len(examples) > 1000
    assert all(text and category for text, category in examples)
    assert "北京" in OTHER_PLACES.read_text("utf-8").split()


def test_the_real_encoder_knows_chat_when_it_hears_it(encoder: Encoder, lexicon: Lexicon) -> None:
    cache = VectorCache(None)
    outside = OutsideModel(EXAMPLES, encoder.encode(["社保卡怎么办", "水费怎么交"]), encoder, cache)
    chat, ours = (make_query(text, encoder, lexicon) for text in ("给我说个笑话", "社保卡丢了咋办"))
    assert outside.features(chat)[0] > outside.features(ours)[0]
    assert encoder.dimension != DIMENSION
