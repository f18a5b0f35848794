"""The errors of the language model room; it does not know who will read them.

LlmError              base: its text is shown to the user as is
├── ModelUnavailable  the model cannot be loaded or reached
├── PromptTooLong     the prompt does not fit the model's window
└── Busy              too many requests wait already
"""


class LlmError(Exception):
    """Something the user can read: one sentence that says what, why and what to do."""


class ModelUnavailable(LlmError):
    """The model named in the settings cannot be loaded."""


class PromptTooLong(LlmError):
    """The prompt and its answer do not fit the window of the model."""


class Busy(LlmError):
    """More requests wait than will be served in any useful time."""
