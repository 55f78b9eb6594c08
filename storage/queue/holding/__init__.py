"""What keeps waiting jobs back: moderators' holds, approvals, and pauses of one server."""
