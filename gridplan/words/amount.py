"""Numbers of people as officials read them: 2,487.1 万人, beside the exact figure where that matters."""

from __future__ import annotations

from gridplan.words.text import Text

WAN = 10_000
LEAST = 1_000  # fewer people are told one by one


def people_text(people: float) -> Text:
    """So many residents, in Chinese by ten thousands with one decimal."""
    n = round(people)
    return Text(f"{n:,} residents", f"{n:,} 人" if n < LEAST else f"{n / WAN:,.1f} 万人")


def people_exact(people: float) -> Text:
    """The same with the exact figure in Chinese too: 2,487.1 万人（24,870,895 人）."""
    n = round(people)
    short = people_text(n)
    return short if n < LEAST else Text(short.en, f"{short.zh}（{n:,} 人）")


def many(number: float, one: str, several: str = "") -> str:
    """So many of something in English: 1 place, 2 places.

    Examples
    --------
    >>> many(1, "place"), many(2, "place"), many(1200, "facility", "facilities")
    ('1 place', '2 places', '1,200 facilities')
    """
    return (
        f"{number:,g} {one if number == 1 else several or one + 's'}"
        if number < 1e6
        else f"{number:,.0f} {several or one + 's'}"
    )
