"""Keeps one customer's data from everybody else, however it is written down."""
