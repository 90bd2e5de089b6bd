"""What changed between two audits: ``records`` asks the engine, the rest is pure judgement."""
