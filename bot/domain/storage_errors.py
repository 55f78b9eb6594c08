"""What keeps a database or pictures from being used: one sentence each, for the operator."""

from bot.domain.errors import EaselError


class StorageFault(EaselError):
    sentence = "The database cannot be used as it is."


class StorageUnavailable(StorageFault):
    sentence = "The bot’s database or disk cannot be used right now. Please try again in a moment."


class AlreadyRunning(StorageFault):
    sentence = (
        "Another process already takes jobs from {file}. SQLite serves one bot process; for more "
        "than one, set DATABASE_URL to a PostgreSQL database."
    )


class NoDatabase(StorageFault):
    sentence = "There is no database of Easel at {file} yet; the first start of the bot makes it."


class DatabaseUnreachable(StorageFault):
    sentence = (
        "The database cannot be reached ({why}). Check DATABASE_URL, and that its server runs."
    )


class DatabaseFileUnusable(StorageFault):
    sentence = (
        "The database {file} cannot be opened or made ({why}). Check DATABASE_URL, and that the "
        "bot's user may write to the file and its folder."
    )


class ErasureKeyUnusable(StorageFault):
    sentence = (
        "The key that erased members' rows stand under cannot be used ({why}): {file}. Put back "
        "the one that this database was used with; with another, an erased member's limits begin "
        "anew."
    )


class DatabaseDamaged(StorageFault):
    sentence = (
        "{file} is damaged or is no SQLite database. Stop the bot and put a copy that `easel "
        "backup` made in its place, or let DATABASE_URL name another file."
    )


class SchemaMismatch(StorageFault):
    sentence = (
        "The database has schema {found} and this version of Easel works with {needed}. "
        "`easel migrate` brings it up to date."
    )


class NewerSchema(SchemaMismatch):
    sentence = "The database has schema {found}, this Easel {needed}: it needs a newer Easel."


class DiskFull(StorageFault):
    sentence = (
        "There is too little room for {file}: {free} are free. Free some, or name a "
        "place on another disk."
    )


class PicturesUnusable(StorageFault):
    sentence = (
        "Pictures cannot be kept in {folder} ({why}). Let the bot's user write there, or let "
        "EASEL_DATA_DIR name another folder."
    )


class ForeignTables(StorageFault):
    sentence = (
        "{file} has tables that another program made ({tables}). Let DATABASE_URL name a database "
        "for Easel alone."
    )


class CannotMigrate(StorageFault):
    sentence = (
        "The database {file} cannot be brought to schema {needed} ({why}). Nothing was changed: "
        "mend that, and `easel migrate` tries again."
    )
