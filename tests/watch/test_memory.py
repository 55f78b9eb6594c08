"""What a process that runs for months leaves out."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_running_bot_loads_no_command_line_tools_and_can_still_have_them() -> None:
    code = (
        "import sys, bot.__main__\n"
        "bot.__main__.leave_out_command_lines()\n"
        "import bot.app, bot.watch.logs\n"
        "assert not {'rich', 'pygments'} & sys.modules.keys()\n"
        "import rich.console"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_is_loaded_at_the_start_is_no_longer_walked_over() -> None:
    code = (
        "import gc, sys, httpx\n"
        "from bot.watch.memory import leave_out_of_collections\n"
        "leave_out_of_collections()\n"
        "assert gc.get_freeze_count() > 10_000\n"
        "assert 'anyio._backends._asyncio' in sys.modules"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
