"""Thinks: LangChain runnables over the local model, the guard, the router. Knows no Telegram and writes no SQL."""
