"""The table of what is kept of posted pictures."""

from sqlalchemy import Column, Double, Index, Integer, LargeBinary, String, Table, Text

from bot.domain.labels.likeness import BANDS
from storage.database.tables import metadata

# One row for each version of a picture that was posted: a smaller one has other bytes. `likeness`
# and `detail` are big-endian; the parts of 16 bits of the first one stand beside it, because a
# look-up begins with them.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("job_id", String(13), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("likeness", LargeBinary(16), nullable=False),
    Column("detail", LargeBinary(64), nullable=False),
    Column("system", Text, nullable=False),
    Column("origin", String(10), nullable=False),
    Column("made_at", Double, nullable=False),
    *(Column(f"band_{band}", Integer, nullable=False) for band in range(BANDS)),
)
for _band in range(BANDS):
    Index(f"fingerprints_band_{_band}", fingerprints.c[f"band_{_band}"])
