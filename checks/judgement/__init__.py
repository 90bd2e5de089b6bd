"""From counts to states, signals and the verdict."""
