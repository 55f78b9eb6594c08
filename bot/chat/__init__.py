"""Discord outside the commands: connection, interactions and the answers to them."""
