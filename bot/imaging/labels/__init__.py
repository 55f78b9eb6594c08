"""From an engine's picture to what is posted: labelled as AI-generated, and small enough."""
