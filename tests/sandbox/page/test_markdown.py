"""Discord's markdown as the demo's page reads it: Node runs the sentences beside this file."""

import shutil
import subprocess
from pathlib import Path

import pytest

SENTENCES = Path(__file__).with_name("markdown.test.mjs")
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node runs the page's own modules, and it is not here")
def test_discords_markdown_is_read_as_its_clients_read_it() -> None:
    done = subprocess.run(  # noqa: S603 - our own file
        [str(NODE), "--test", str(SENTENCES)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
