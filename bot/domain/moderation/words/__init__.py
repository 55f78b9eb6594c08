"""The words that a server does not want in requests: how they are typed, folded and found."""
