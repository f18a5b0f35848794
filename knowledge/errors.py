"""The errors of this room. Each message is one sentence that may be shown to the owner.

KnowledgeError
├── FolderInUse        another process owns the data folder
├── BadFile            a file cannot be read at all (a bad row is a reject, not an error)
├── WrongEmbeddings    the vectors were made by another embedding model
└── EmbeddingsUnavailable
"""


class KnowledgeError(Exception):
    """Base: the message is one sentence for the owner."""

    kind = "knowledge"


class FolderInUse(KnowledgeError):
    kind = "folder_in_use"


class BadFile(KnowledgeError):
    kind = "bad_file"


class WrongEmbeddings(KnowledgeError):
    kind = "wrong_embeddings"


class EmbeddingsUnavailable(KnowledgeError):
    kind = "embeddings_unavailable"
