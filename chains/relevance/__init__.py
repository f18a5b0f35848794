"""Relevance: whether a fact of the shop answers a customer's question; it knows no database and writes no reply."""
