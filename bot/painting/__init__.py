"""The small painter of the engine `local` and of the stand-in."""
