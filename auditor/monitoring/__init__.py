"""What machines read of an audit: test reports for CI, metrics for monitoring, a heartbeat."""
