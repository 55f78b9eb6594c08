"""What the start needs to know of migrations it knows without the tool that applies them."""

import subprocess
import sys
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

import storage
from storage import schema_revisions


async def test_the_newest_file_is_the_head_that_alembic_finds(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option(
        "script_location", str(Path(storage.__file__).parent / "database" / "migrations")
    )
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    found, needed = await schema_revisions(f"sqlite:///{tmp_path}/none.db")
    assert (found, needed) == (None, scripts.get_current_head())
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_a_start_loads_neither_the_migration_tool_nor_the_stand_ins() -> None:
    code = (
        "import sys, bot.__main__\n"
        "loaded = {'alembic', 'bot.cli.demo', 'bot.sandbox', 'matplotlib'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
