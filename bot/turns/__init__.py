"""Waiting in turn: a semaphore and a queue that are fair over members, and a rate limiter."""
