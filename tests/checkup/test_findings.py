"""Findings as people read them, in columns and grouped, and as programs do."""

import json

from bot.checkup.findings import Finding, Status, render

FOUND = [
    Finding("font", Status.GOOD, "draws AI生成"),
    Finding("discord", Status.WARNING, "slow"),
    Finding("vod", Status.BAD, "out of reach"),
]


def engines(*found: tuple[str, Status, str], group: str = "aiart") -> list[Finding]:
    return [Finding(f"engine {name}", status, text, group) for name, status, text in found]


def test_each_finding_is_a_line_with_its_mark_in_columns() -> None:
    assert render(FOUND, as_json=False).splitlines() == [
        "✓ font    draws AI生成",
        "! discord slow",
        "✗ vod     out of reach",
    ]


def test_for_programs_every_finding_stands_for_itself_and_letters_stay_letters() -> None:
    findings = [*FOUND, *engines(("a", Status.GOOD, "answers"), ("b", Status.GOOD, "answers"))]
    text = render(findings, as_json=True)
    assert "AI生成" in text
    assert json.loads(text)[0] == {"check": "font", "status": "good", "text": "draws AI生成"}
    assert [each["check"] for each in json.loads(text)][3:] == ["engine a", "engine b"]


def test_good_findings_of_a_group_that_say_the_same_are_one_line() -> None:
    findings = engines(
        ("a", Status.GOOD, "answers"),
        ("b", Status.GOOD, "answers, but is busy now"),
        ("c", Status.GOOD, "answers"),
    )
    assert render(findings, as_json=False).splitlines() == [
        "✓ aiart answers (2 engines)",
        "✓ aiart answers, but is busy now (1 engine)",
    ]


def test_what_needs_a_hand_is_told_engine_by_engine() -> None:
    findings = engines(
        ("a", Status.WARNING, "switched off"),
        ("b", Status.GOOD, "answers"),
        ("c", Status.WARNING, "switched off"),
    )
    assert render(findings, as_json=False).splitlines() == [
        "! engine a switched off",
        "✓ aiart    answers (1 engine)",
        "! engine c switched off",
    ]


def test_two_groups_that_say_the_same_stay_two_lines() -> None:
    same = ("a", Status.GOOD, "answers")
    findings = engines(same) + engines(same, group="aiart elsewhere.example")
    assert len(render(findings, as_json=False).splitlines()) == 2


def test_nothing_found_is_nothing_said() -> None:
    assert render([], as_json=False) == ""
    assert json.loads(render([], as_json=True)) == []


def test_only_what_is_bad_would_stop_the_bot() -> None:
    assert [finding.is_fatal for finding in FOUND] == [False, False, True]
