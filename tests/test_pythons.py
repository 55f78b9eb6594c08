"""The Pythons this project runs on: whose venv make uses, what is pinned, what is promised."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS = f"{sys.version_info.major}.{sys.version_info.minor}"
# Answers as Python 3.99 would; its own path is what `$0` says.
OTHER = f"""#!/bin/sh
exec {sys.executable} -c 'import sys
sys.version_info, sys.executable = (3, 99, 0, "final", 0), sys.argv[1]
exec(sys.argv[3])' "$0" "$@"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone, as far as make looks at it."""
    if shutil.which("make") is None:
        pytest.skip("make is not here")
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    return tmp_path


def make(clone: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    outside = {"PATH": os.environ["PATH"], "HOME": str(clone / "nobody"), **variables}
    return subprocess.run(  # noqa: S603 - our own words
        ["make", "--no-print-directory", *words],  # noqa: S607 - whichever make there is
        cwd=clone,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )


def venv_of(clone: Path, *words: str, **variables: str) -> str:
    asked = make(clone, "--eval=asked: ; @echo $(VENV)", "asked", *words, **variables)
    return asked.stdout.strip() or asked.stderr


def program(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def made_by_other(clone: Path) -> None:
    program(clone / ".venv" / "bin" / "python", OTHER)


def test_whichever_python_comes_first_makes_the_venv_everybody_knows(clone: Path) -> None:
    assert venv_of(clone) == ".venv"
    assert venv_of(clone, f"PYTHON={program(clone / 'other', OTHER)}") == ".venv"


def test_a_venv_of_another_python_stays_and_the_named_one_gets_its_own(clone: Path) -> None:
    made_by_other(clone)
    assert venv_of(clone) == ".venv"
    assert venv_of(clone, f"PYTHON={sys.executable}") == f".venv-{OURS}"
    assert venv_of(clone, PYTHON=sys.executable) == f".venv-{OURS}"
    assert venv_of(clone, f"PYTHON={program(clone / 'other', OTHER)}") == ".venv"


def test_a_python_that_is_not_here_is_named_and_nothing_else_is_taken(clone: Path) -> None:
    made_by_other(clone)
    assert "PYTHON=python3.77 does not run here" in venv_of(clone, "PYTHON=python3.77")


def test_a_venv_whose_python_is_gone_is_made_anew(clone: Path) -> None:
    made = clone / ".venv" / "bin"
    made.mkdir(parents=True)
    (made / "python").symlink_to(clone / "gone")
    (clone / ".venv" / ".ready").touch()
    assert "-m venv --clear .venv" in make(clone, "-n", "setup").stdout


def test_a_python_that_pyenv_has_and_does_not_switch_on_is_found(clone: Path) -> None:
    shim = Path(program(clone / "shims" / "python3.99", "#!/bin/sh\nexit 127\n"))
    program(clone / "pyenv" / "versions" / "3.99.1" / "bin" / "python3.99", OTHER)
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    path = f"{shim.parent}:{os.environ['PATH']}"
    asked = venv_of(clone, "PYTHON=python3.99", PATH=path, PYENV_ROOT=str(clone / "pyenv"))
    assert asked == ".venv-3.99"


def test_a_python_that_is_too_old_is_told_so(clone: Path) -> None:
    old = program(clone / "old", OTHER.replace("(3, 99, 0", "(3, 10, 0"))
    made = make(clone, "setup", f"PYTHON={old}")
    assert made.returncode != 0
    assert "Easel needs Python 3.11 or newer, and this is 3.10" in made.stderr


def test_the_image_runs_on_a_python_of_the_suite() -> None:
    versions = set(re.findall(r"FROM python:([\d.]+)-slim", (ROOT / "Dockerfile").read_text()))
    assert len(versions) == 1
    assert {f"Programming Language :: Python :: {each}" for each in versions} <= set(
        PROJECT["classifiers"]
    )


def test_everything_that_it_needs_is_pinned() -> None:
    pins = {}
    for line in (ROOT / "requirements.lock").read_text("utf-8").split():
        name, _, pin = line.partition("==")
        pins[canonicalize_name(name)] = pin
    needed = _needed(f"{PROJECT['name']}[dev]")
    assert needed == {name: pins.get(name) for name in needed}


def _needed(*lines: str) -> dict[str, str]:
    """Name and version of each distribution that these requirements lead to on this Python."""
    found: dict[str, str] = {}
    left, seen = [Requirement(line) for line in lines], set()
    while left:
        wanted = left.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        part = distribution(wanted.name)
        found[canonicalize_name(wanted.name)] = part.version
        for more in map(Requirement, part.requires or []):
            extras = wanted.extras or {""}
            if more.marker is None or any(more.marker.evaluate({"extra": e}) for e in extras):
                left.append(more)
    found.pop(canonicalize_name(PROJECT["name"]))
    return found
