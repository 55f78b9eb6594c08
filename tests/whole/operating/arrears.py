"""The fault of the account that suspends engines: its code, and what members read."""

NOT_NOW = "The service is not available right now"
ARREARS = "ResourceUnavailable.InArrears"
