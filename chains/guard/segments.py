"""Cuts Chinese into words with a dictionary (jieba's, in Rust), for deciding whether characters stand by themselves.

亲 is a word in 亲，看这里 and none in 亲手. Knows words, not what is said with them.
"""

from functools import lru_cache


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[str, ...]:
    """The words of a text, all its characters in order."""
    import rjieba

    whole = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no character
    return tuple(rjieba.cut(whole)) if len(whole) == len(text) else tuple(text)


@lru_cache(maxsize=50_000)
def is_word(text: str) -> bool:
    """Whether the dictionary has it as one word."""
    import rjieba

    return len(text) > 1 and len(rjieba.cut(text, False)) == 1


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` begins and ends where words do."""
    low, high = max(0, start - 12), min(len(text), end + 12)
    place, edges = low, {low}
    for word in cut(text[low:high]):
        place += len(word)
        edges.add(place)
    return start in edges and end in edges
