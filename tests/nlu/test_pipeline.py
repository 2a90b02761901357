"""Check the spaCy pipeline."""

from datetime import datetime

import pytest
from spacy.language import Language

from nlu.lexicon import Lexicon
from nlu.pipeline import build_spacy
from tests.nlu.tables import NOW


@pytest.fixture(scope="module")
def nlp(lexicon: Lexicon) -> Language:
    return build_spacy(lexicon, clock=lambda: NOW)


def test_marks_places_institutions_and_times(nlp: Language) -> None:
    doc = nlp("明天上午九点去兰山区人民医院看骨科，身份证371302198506150015，电话13811112222")
    labels = {span.label_ for span in doc.spans["wenban"]}
    assert {"DATE", "TIME", "PLACE", "INSTITUTION", "MED_DEPARTMENT", "ID_NO", "PHONE"} <= labels
    assert {ent.label_ for ent in doc.ents} >= {"DATE", "TIME", "ID_NO", "PHONE"}


def test_segments_with_the_lexicon(nlp: Language) -> None:
    assert nlp("社保卡怎么办")[0].text == "社保卡"


def test_keeps_the_text(nlp: Language) -> None:
    for text in ("", " ", "a  b", "社保 卡", "\n社保\t卡 ", "hello world 你好"):
        assert nlp(text).text == text


def test_takes_the_clock_of_the_document(nlp: Language) -> None:
    doc = nlp.make_doc("明天")
    doc.user_data["now"] = datetime(2030, 1, 1)
    doc = nlp.get_pipe("wenban_entities")(doc)
    assert doc.user_data["entities"][0].value == "2030-01-02"
