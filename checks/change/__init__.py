"""What changed between two audits: pure judgement on frames and results, no engine, no store."""
