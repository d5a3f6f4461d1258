from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wanted:
    """
    One thing that was typed, and the terms that are it, each with a weight above 0 and at most 1.

    `share` is how much it counts beside the others: the words of a spelt-out abbreviation share the weight of one.
    `times` is how often it was typed.
    """

    typed: str
    terms: dict[str, float] = field(default_factory=dict)
    common: bool = False
    share: float = 1.0
    times: int = 1

    @property
    def best(self) -> str:
        """Return the term that was typed itself."""
        return max(self.terms, key=lambda term: self.terms[term])
