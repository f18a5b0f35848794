"""Talks: Telegram, console, CLI and the wiring of all three rooms."""
