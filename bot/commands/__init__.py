"""One command a file: `run(args, settings) -> exit status`. `bot/cli.py` has the only list of them."""
