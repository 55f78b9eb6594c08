"""What keeps a database or pictures from being used: one sentence each, for the operator."""

from bot.domain.errors import StorageFault


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
