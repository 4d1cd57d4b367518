"""The commands of `baypulse`, one small module each."""
