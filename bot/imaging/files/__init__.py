"""Picture files byte by byte: what stands in them beside the pixels."""
