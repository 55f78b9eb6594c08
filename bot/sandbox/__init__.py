"""The outside world played locally, strictly by its documents; imports nothing of the bot."""
