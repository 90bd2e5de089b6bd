"""Great Expectations: the intake contract, and the checks written in its vocabulary."""
