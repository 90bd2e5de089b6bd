"""What live sources share: one careful way out, and pages that land on disk."""
