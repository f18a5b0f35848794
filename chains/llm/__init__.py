"""The language model room: weights, engine and chat format behind one LangChain chat model."""
