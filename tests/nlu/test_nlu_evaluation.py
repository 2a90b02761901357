"""``wenban eval nlu``: reading, scoring, and one small run through Rasa itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from nlu.evaluation.command import app
from nlu.evaluation.intents import BadExamples, Example, Heard, calibration_error, f1_by_intent, read_examples, score
from nlu.evaluation.rasa_run import OURS, RasaFailed, pipeline_only, train_and_hear, training_data
from wenban.settings import Settings, get_settings


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_reads_utterances_whatever_they_contain(tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", "utterance\tintent\tid", '"你好\tgreet\t1', "[交](x) 水费\tpay\t2")
    assert read_examples(path) == [Example('"你好', "greet"), Example("[交](x) 水费", "pay")]
    assert training_data(read_examples(path))["rasa_nlu_data"]["common_examples"][1]["text"] == "[交](x) 水费"


def test_reads_acts_and_rasas_own_examples(tmp_path: Path) -> None:
    acts = table(tmp_path / "acts.tsv", "utterance\tact", "你好\tgreet")
    assert read_examples(acts) == [Example("你好", "greet")]
    folder = tmp_path / "nlu"
    folder.mkdir()
    blocks = [{"intent": "pay", "examples": "- 交水费\n- 交电费\n"}, {"lookup": "city", "examples": "- 临沂\n"}]
    (folder / "a.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), "utf-8")
    assert read_examples(folder) == [Example("交水费", "pay"), Example("交电费", "pay")]
    with pytest.raises(BadExamples, match="no examples"):
        read_examples(tmp_path)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["utterance\tintent"], "no examples"),
        (["text\tintent", "你好\tgreet"], "utterance"),
        (["utterance\tintent", "你好\tgreet", "再见\t"], "line 3"),
        (["utterance\tintent", "你好"], "line 2"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path: Path, rows: list[str], complaint: str) -> None:
    with pytest.raises(BadExamples, match=complaint):
        read_examples(table(tmp_path / "a.tsv", *rows))


def test_f1_counts_intents_that_are_only_found() -> None:
    assert f1_by_intent(["a", "a", "b"], ["a", "c", "b"]) == {"a": pytest.approx(2 / 3), "b": 1.0, "c": 0.0}


def test_calibration_error() -> None:
    assert calibration_error([0.95, 0.95], [True, True]) == pytest.approx(0.05)
    assert calibration_error([0.95, 0.15], [False, True]) == pytest.approx(0.9)
    assert calibration_error([1.0], [True]) == 0
    assert calibration_error([], []) == 0


def test_the_report() -> None:
    examples = [Example("一", "a"), Example("二", "a"), Example("三", "b"), Example("四", "b")]
    heard = [Heard(intent, 0.9, 0.01 * (i + 1), 0.01) for i, intent in enumerate(["a", "b", "a", "a"])]
    report = score(examples, heard, pairs=1)
    assert report["accuracy"] == 0.25
    assert report["macro_f1"] == pytest.approx((2 / 5 + 0) / 2)
    assert (report["median_ms"], report["p95_cpu_ms"]) == pytest.approx((25, 10))
    assert report["confused"] == [{"intent": "b", "found": "a", "count": 2, "example": "四"}]


def test_only_what_judges_in_context_is_left_out() -> None:
    ours = yaml.safe_load(OURS.read_text("utf-8"))
    names = [part["name"] for part in pipeline_only(ours)["pipeline"]]
    assert len(names) == len(ours["pipeline"]) - 1
    assert not any("Contextual" in name for name in names)
    assert set(pipeline_only(ours)) == {"recipe", "language", "pipeline"}


def test_without_rasa_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RasaFailed, match="make run"):
        train_and_hear([], [], Settings(rasa_python=tmp_path / "none"))


def test_the_command_names_a_bad_file(tmp_path: Path) -> None:
    bad = table(tmp_path / "a.tsv", "text\tintent", "你好\tgreet")
    result = CliRunner().invoke(app, ["--train", str(bad), "--test", str(bad)])
    assert result.exit_code == 1
    assert "utterance" in result.output


@pytest.mark.skipif(not get_settings().rasa_python.exists(), reason="Rasa's environment is not installed")
def test_rasa_learns_saves_loads_and_hears(tmp_path: Path) -> None:
    """The component is trained, packed into Rasa's model, read back, and answers with probabilities."""
    train = table(
        tmp_path / "train.tsv", "utterance\tintent",
        *(f"{text}\tgreet" for text in ("你好", "您好", "早上好", "大家好", "上午好")),
        *(f"{text}\tpay" for text in ("我要交水费", "帮我交电费", "交一下话费", "把燃气费交了", "交暖气费")),
    )  # fmt: skip
    test = table(tmp_path / "test.tsv", "utterance\tintent", "下午好\tgreet", "我想交燃气费\tpay", "[交水费](pay)\tpay")
    result = CliRunner().invoke(app, ["--train", str(train), "--test", str(test), "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["accuracy"] == 1.0
    assert report["intents"] == 2
    assert 0 < report["median_ms"] <= report["p95_ms"]
    assert report["train_seconds"] > 0
