from collections.abc import Iterable


def number_keys(keys: Iterable[str]) -> dict[str, int]:
    """Return the number of each key, 1..n by first use."""
    return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """
    Return the numbers, sorted and unique, as (first, last) pairs.

    Three or more consecutive numbers make one pair, printed 3–5. Two stay single: 4,5 gives (4, 4) and (5, 5).
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [pair for run in runs for pair in ([(run[0], run[-1])] if len(run) > 2 else [(n, n) for n in run])]
