"""From whatever the user gives to tables of text in the engine."""
