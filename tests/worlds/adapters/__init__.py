"""One and the same world, written the ways its users would bring it."""
