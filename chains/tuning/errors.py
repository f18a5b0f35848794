"""What can go wrong in tuning, as sentences for the person who typed the command."""

from chains.errors import ChainError


class TuningError(ChainError):
    """Something about the data, the run or the adapter keeps this from being done."""

    kind = "tuning"


class BadRow(TuningError):
    """A training row that cannot be used; names file and line."""

    kind = "bad_row"
