"""The search as plainly as it can be written, over dictionaries: each database has to answer exactly as this does."""

from articles.search.index import reading


def best(passages: dict[int, dict[str, int]], wanted, most, within=()) -> list[tuple[int, float]]:
    """Return what `candidates` has to return; `passages` are the terms of each passage with their impacts."""
    counts: dict[str, int] = {}
    for terms in passages.values():
        for term in terms:
            counts[term] = counts.get(term, 0) + 1
    groups = [{term: weight for term, weight in each.items() if term in counts} for each in wanted]
    groups = sorted(filter(None, groups), key=lambda each: (size(each, counts), tuple(sorted(each))))
    allowed = {number for number, terms in passages.items() if is_within(terms, within)}
    scores: dict[int, float] = {}
    read = 0
    for each in groups:
        if read + size(each, counts) > reading.READ_IN_FULL and len(scores) >= most:
            allowed = {number for number, _ in ordered(scores)[: most * reading.KEPT]}
            scores = {number: score for number, score in scores.items() if number in allowed}
        read += size(each, counts)
        for number in allowed:
            worth = worth_of(each, passages[number])
            if worth is not None:
                scores[number] = scores.get(number, 0.0) + worth
    return ordered(scores)[:most]


def size(each, counts) -> int:
    return sum(counts[term] for term in each)


def is_within(terms, within) -> bool:
    return all(any(f"={limit}" in terms for limit in each) for each in within)


def ordered(scores):
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))


def worth_of(each, terms):
    """Return the worth of the best alternative that the passage has; None without one."""
    return max((each[term] * (terms[term] + 1) for term in each if term in terms), default=None)
