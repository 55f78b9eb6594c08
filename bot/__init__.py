"""The bot: its parts by subject, put together in `app`, started by `__main__`."""
