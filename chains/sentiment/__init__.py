"""The feeling in a message: a small classifier over the bundled encoder."""
