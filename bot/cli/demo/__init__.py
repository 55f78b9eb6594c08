"""`easel demo`: the real bot on the embedded stand-ins, as one scripted round or as a page."""
