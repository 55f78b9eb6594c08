"""The house rules a machine can hold: sizes, names, no leftovers."""

import ast
import gc
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "cogs", "storage")
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_MODULES = 12  # of a folder
MAX_TEST_LINES = 400
MAX_COMMAND_LINES = 65  # a slash command's options are its signature
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core"}


def _sources() -> list[Path]:
    found = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    return [path for path in found if "versions" not in path.parts]


def _folders() -> list[Path]:
    return sorted({path.parent for path in _sources() if "migrations" not in path.parts})


def _parsed(path: Path) -> ast.Module:
    # An unheard error that is collected meanwhile words its traceback with the parser, too, and
    # Python 3.11 takes no parsing within another ("AST constructor recursion depth mismatch").
    gc.disable()
    try:
        return ast.parse(path.read_text("utf-8"))
    finally:
        gc.enable()


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_file_is_short_and_says_what_it_owns(path: Path) -> None:
    tree = _parsed(path)
    assert path.read_text("utf-8").count("\n") <= MAX_FILE_LINES
    assert ast.get_docstring(tree), "the file must open with one sentence on what it owns"
    for function in _functions(tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        most = MAX_COMMAND_LINES if _is_command(function) else MAX_FUNCTION_LINES
        assert length <= most, f"{function.name} has {length} lines"


def _is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("command(" in ast.unparse(each) for each in function.decorator_list)


@pytest.mark.parametrize("folder", _folders(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_is_small_and_its_init_says_in_one_sentence_what_it_holds(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MAX_MODULES
    tree = _parsed(folder / "__init__.py")
    said = ast.get_docstring(tree) or ""
    assert said.endswith(".")
    assert "\n" not in said
    assert ". " not in said
    if folder != ROOT / "storage":  # which opens it
        assert len(tree.body) == 1, "no code"


def test_no_file_of_tests_is_so_long_that_it_has_several_subjects() -> None:
    lines = {path: path.read_text("utf-8").count("\n") for path in (ROOT / "tests").rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > MAX_TEST_LINES} == {}


def test_tests_lie_in_folders_that_are_named_as_those_of_their_subjects() -> None:
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(tests).parts for path in tests.rglob("test_*.py")}
    for room, *inside in sorted(parts for parts in folders if parts):
        if room in {"whole", "chaos", "browser"}:  # of no one folder: see their maps
            continue
        if room == "contract":  # suites over every store or provider
            places = [ROOT.joinpath("storage", *inside), ROOT.joinpath("bot", *inside)]
        else:
            places = [ROOT.joinpath(room, *inside), ROOT.joinpath("bot", room, *inside)]
        assert any((place / "__init__.py").is_file() for place in places), (room, *inside)


# What fails where something is not so, besides an assert; `until` waits for it and then gives up.
_PROOF = re.compile(r"assert_\w+|_?check\w*|expect|fail|raises|until|run_state_machine_as_test")


def test_every_test_asserts_something_by_itself_or_by_a_function_of_its_file() -> None:
    empty = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        functions = list(_functions(_parsed(path)))
        proving = {each.name for each in functions if _proves(each)}
        for test in functions:
            is_test = test.name.startswith("test_") and test.name not in proving
            if is_test and not proving & set(_called(test)):
                empty.append(f"{path.relative_to(ROOT)}: {test.name}")
    assert empty == []


def _proves(function: ast.AST) -> bool:
    has_assert = any(isinstance(node, ast.Assert) for node in ast.walk(function))
    return has_assert or any(_PROOF.fullmatch(name) for name in _called(function))


def _called(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield name


def test_no_test_module_imports_another() -> None:
    """What tests share lies in a plain module or a conftest, named by what it holds."""
    shared = re.compile(r"^\s*(?:from|import)\s+tests\.[\w.]*\btest_\w+", re.MULTILINE)
    paths = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    assert [path for path in paths if shared.search(path.read_text("utf-8"))] == []


def _mapped(text: str) -> Iterator[str]:
    """Yield the files that a map of folders names, each line of it with what the file is about."""
    folder = ""
    for line in text.splitlines():
        if found := re.match(r"(\w+/) {2,}\S", line):
            folder = found[1]
        elif found := re.match(r"(?P<inside> {2})?(?P<file>[\w/]+\.py) {2,}\S", line):
            yield f"{folder}{found['file']}" if found["inside"] else found["file"]


def test_the_map_of_the_scenes_names_each_file_of_theirs_once_and_no_other() -> None:
    scenes = ROOT / "tests" / "whole"
    text = ast.get_docstring(_parsed(scenes / "conftest.py")) or ""
    there = {path.relative_to(scenes).as_posix() for path in scenes.rglob("*.py")}
    assert sorted(_mapped(text)) == sorted(there - {"conftest.py"})


def test_no_module_has_a_name_that_only_says_assorted() -> None:
    assert [path for path in _sources() if path.stem in VAGUE] == []


def test_discords_limits_stand_in_one_place() -> None:
    for path in _sources():
        is_discord = "chat" in path.parts or "sandbox" in path.parts  # they hold its codes, too
        if path.name != "discord_limits.py" and not is_discord:
            assert "Discord docs" not in path.read_text("utf-8"), path


def test_sizes_are_worded_in_one_place() -> None:
    measure = re.compile(r"(?<![A-Za-z])(?<!en-)([kKMG]B|[KMG]iB|megabytes?|kilobytes?)\b")
    for path in _sources():
        if path.name != "file_sizes.py":
            said = _said(_parsed(path))
            assert [text for text in said if measure.search(text)] == [], path


def _said(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a program that are no docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield from (node.value,) if isinstance(node.value, str) else ()


def test_importing_the_packages_reads_no_settings_and_opens_nothing() -> None:
    code = (
        "import sys, bot.domain.jobs, bot.services.jobs, bot.worker.loop\n"
        "assert 'discord' not in sys.modules and 'sqlalchemy' not in sys.modules"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    left = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in _sources()
        for mark in marks
        if mark in path.read_text("utf-8")
    ]
    assert left == []


_NAMED = re.compile(r"`((?:bot|cogs|storage|tests|bench)/[\w/]+\.py)(?::([\w.]+))?`")


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_every_file_and_function_that_a_document_names_is_there(document: str) -> None:
    for file, name in _NAMED.findall((ROOT / document).read_text("utf-8")):
        assert (ROOT / file).is_file(), file
        body: list[ast.stmt] = _parsed(ROOT / file).body
        for part in filter(None, name.split(".")):
            found = [node for node in body if getattr(node, "name", None) == part]
            assert found, f"{file}:{name}"
            body = getattr(found[0], "body", [])


@pytest.mark.parametrize("document", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]))
def test_every_link_of_a_document_to_the_repository_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target
