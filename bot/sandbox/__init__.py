"""The outside world played locally, strictly by its documents; imports painting and no more."""
