"""Tells results, kinds and rules of the ledger to people, in both languages, from `words.yaml`. Judges nothing."""

from chains.guard.ledger.lexicon import data


def told_result(result: str, language: str) -> str:
    """`supported` and the others, in words."""
    return _said("results", result, language)


def told_kind(kind: str, language: str) -> str:
    """What sort of claim it is, in words."""
    return _said("kinds", kind, language)


def told_rule(rule: str, language: str) -> str:
    """How a claim was decided: by the rule's whole name, else its last part, else its first."""
    rules = data("words")["rules"]
    first, last = rule.split(".")[0], rule.rsplit(".")[-1]
    known = next((name for name in (rule, last, first) if name in rules), None)
    return _said("rules", known, language) if known else rule


def _said(group: str, name: str, language: str) -> str:
    entry = data("words")[group].get(name)
    return str(entry["zh" if language == "zh" else "en"]) if entry else name.replace("_", " ")
