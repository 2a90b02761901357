"""Check the evaluation of search on any corpus."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from knowledge.encoder import Encoder
from knowledge.evaluation import search_command
from knowledge.evaluation.chunks import OVERLAP, WINDOW, chunks, sentences
from knowledge.evaluation.corpus import (
    Asked,
    BadCorpus,
    Document,
    evaluate,
    make_owner,
    read_corpus,
    read_queries,
    scores,
)
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon

DOCUMENTS = [
    Document("1", "", "身份證遺失可以到任一戶政事務所補領，應備文件為照片與規費。"),
    Document("2", "", "水費逾期未繳將收取遲延費，可至超商補繳。"),
    Document("3", "", "图书馆周一闭馆，其余时间九点到十七点开放。"),
    Document("4", "", "申请公租房应提交收入证明和户口簿。"),
]


def test_windows_overlap_by_whole_sentences() -> None:
    text = "".join(f"第{i}条规定如下内容。" for i in range(60))
    found = chunks(text)
    assert all(len(window) <= WINDOW for window in found)
    for before, after in pairwise(found):
        shared = next(n for n in range(len(after), 0, -1) if before.endswith(after[:n]))
        assert 0 < shared <= OVERLAP
        assert after[:shared].endswith("。")
    assert found[0].startswith("第0条")
    assert found[-1].endswith("第59条规定如下内容。")


def test_a_short_answer_is_one_window() -> None:
    assert chunks("去派出所。") == ["去派出所。"]
    assert chunks("") == []
    assert chunks("。\n") == []


def test_a_sentence_without_end_is_cut() -> None:
    assert max(map(len, sentences("长" * 500))) <= WINDOW
    assert max(map(len, sentences("这是一个分句，" * 50))) <= WINDOW


@given(st.text(alphabet="甲乙丙。，！\n；a 1", max_size=600))
def test_no_character_is_lost(text: str) -> None:
    def essence(value: str) -> str:
        return "".join(c for c in value if c in "甲乙丙a1")

    assert essence("".join(sentences(text))) == essence(text)
    assert all(len(window) <= WINDOW for window in chunks(text))


def test_units_of_a_document() -> None:
    owner = make_owner(Document("7", "社保卡？", "补办。" * 100))
    assert owner.units[0].role == "question"
    assert len(owner.units) > 2
    assert make_owner(DOCUMENTS[0]).units[0].text.startswith("身份证遗失")  # Simplified


def test_scores() -> None:
    assert scores([1, 3, None, 7]) == {
        "recall@1": 0.25,
        "recall@5": 0.5,
        "recall@10": 0.75,
        "mrr": pytest.approx((1 + 1 / 3 + 1 / 7) / 4, abs=1e-4),
    }
    assert scores([])["mrr"] == 0


def test_finds_answers_across_scripts(encoder: Encoder, lexicon: Lexicon) -> None:
    queries = [
        Asked("身分證掉了怎麼補辦？", frozenset({"1"})),
        Asked("水费过期没交会怎样", frozenset({"2"})),
        Asked("图书馆几点开门", frozenset({"3"})),
        Asked("不在库里的问题", frozenset({"99"})),
    ]
    report = evaluate(DOCUMENTS, queries, encoder, VectorCache(None), lexicon)
    assert report["fused"]["recall@1"] == 0.75
    assert set(report["fused"]) == {"recall@1", "recall@5", "recall@10", "mrr"}
    assert report["dense"]["recall@5"] == 0.75
    assert report["bm25"]["mrr"] <= 0.75
    assert report["worst"][0]["expected"] == ["99"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("{", "bad.jsonl:1: not JSON"),
        ('\n{"id": 1}', "bad.jsonl:2: no answer"),
        ("[1]", "no id"),
    ],
)
def test_a_bad_corpus_is_explained(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(BadCorpus, match=reason):
        read_corpus(path)


def _lines(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_reads_files(tmp_path: Path) -> None:
    corpus = _lines(tmp_path / "c", {"id": 1, "question": None, "answer": "甲"}, {"id": "b", "answer": "乙"})
    assert read_corpus(corpus) == [Document("1", "", "甲"), Document("b", "", "乙")]
    queries = _lines(tmp_path / "q", {"query": "？", "relevant_id": 1, "relevant_ids": [1, "b"]})
    assert read_queries(queries) == [Asked("？", frozenset({"1", "b"}))]


def test_the_command(tmp_path: Path, home: Path) -> None:
    corpus = _lines(tmp_path / "c.jsonl", *({"id": d.id, "answer": d.answer} for d in DOCUMENTS))
    queries = _lines(tmp_path / "q.jsonl", {"query": "图书馆几点开门", "relevant_id": "3"})
    arguments = ["--corpus", str(corpus), "--queries", str(queries)]
    result = CliRunner().invoke(search_command.app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["fused"]["recall@1"] == 1
    assert "recall@10 1.0000" in CliRunner().invoke(search_command.app, arguments).stdout
    queries.write_text("{", "utf-8")
    broken = CliRunner().invoke(search_command.app, arguments)
    assert broken.exit_code == 1
    assert "q.jsonl:1" in broken.stderr
