"""Pure rules: no I/O, no clock, no Discord; and the errors that people may be told."""
