"""Measures the project on public data and on its own: `python -m bench [names...]`. Serves nobody."""
