"""Tests of the language model room."""
