"""What changed between two audits; ``records``, ``signs`` and ``exceptions`` ask the engine."""
