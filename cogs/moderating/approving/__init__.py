"""Approve and Deny: the question to moderators, its form, and what they do."""
