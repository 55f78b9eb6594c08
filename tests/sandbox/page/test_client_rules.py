"""The rules in the demo page's own modules: Node runs the sentences beside this file."""

import shutil
import subprocess
from pathlib import Path

import pytest

SENTENCES = sorted(Path(__file__).parent.glob("*.test.mjs"))
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node runs the page's own modules, and it is not here")
@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda path: path.name)
def test_the_pages_own_modules_keep_their_rules(sentences: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own file
        [str(NODE), "--test", str(sentences)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
