"""Tests of the doors: Telegram, console, CLI."""
