"""Facts: sentences the shop stands behind, their vectors, and the scoped retriever."""
