"""Who has which name: every form of every name, and the families of companies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.understanding.naming.company_forms import Forms, forms_of, said_with_branch, without_legal_form
from assistant.understanding.naming.spelling import has_han, key_of, keys_of
from assistant.understanding.naming.words import company_words

if TYPE_CHECKING:
    from analytics.accounts import CustomerName

CUSTOMER = "value:customer:"


class Register:
    """Forms of names -> whom they may mean. Concepts are numbers here: fifty thousand customers make 200,000 forms."""

    def __init__(
        self, customers: Iterable[CustomerName], others: Iterable[tuple[str, str]], shown: Mapping[str, str]
    ) -> None:
        """`others`: (normalised name, concept); `shown`: the name to show for these concepts."""
        self._customers = list(customers)
        self._number = {one.customer_id: number for number, one in enumerate(self._customers)}
        self._parents = [self._number.get(one.parent_id or "", -1) for one in self._customers]
        self._tops = [self._top(number) for number in range(len(self._customers))]
        self._owners: dict[str, int | list[int]] = {}
        self._legal: set[str] = set()
        self._registered = keys_of([one.name for one in self._customers])
        self._name_customers()
        self._others: list[str] = []
        self._shown = shown
        self._name_others(others)

    @property
    def forms(self) -> Iterable[str]:
        """Every form, as `key_of` gives it."""
        return self._owners.keys()

    @property
    def proper_forms(self) -> Iterator[str]:
        """Every form but registered names with their legal form, which all end alike."""
        return (form for form in self._owners if form not in self._legal)

    def __contains__(self, form: str) -> bool:
        return form in self._owners

    def concepts(self, form: str) -> tuple[str, ...]:
        """Whom a form may mean; nobody where nobody has it."""
        return tuple(map(self._concept, _as_list(self._owners.get(form, []))))

    def customer(self, words: str) -> str | None:
        """The concept of a customer's id, whatever its case."""
        number = self._number.get(words, self._number.get(words.upper()))
        return None if number is None else self._concept(number)

    def name(self, concept: str) -> str:
        """The name to show for a concept."""
        number = self._number.get(concept.removeprefix(CUSTOMER))
        if number is None:
            return self._shown.get(concept, concept)
        return self._customers[number].name or self._customers[number].aliases[0]

    def registered(self, concept: str) -> str:
        """A customer's registered name as matched."""
        number = self._number.get(concept.removeprefix(CUSTOMER))
        return "" if number is None else self._registered[number]

    def prefer_group(self, concepts: Sequence[str]) -> str | None:
        """Of a group and its branches the group; None where they are no one family, or it is not among them."""
        numbers = [self._number.get(concept.removeprefix(CUSTOMER), -1) for concept in concepts]
        if len(numbers) < 2 or -1 in numbers:
            return None
        top = self._tops[numbers[0]]
        one_family = all(self._tops[number] == top for number in numbers)
        return self._concept(top) if one_family and top in numbers else None

    def _concept(self, number: int) -> str:
        known = len(self._customers)
        return CUSTOMER + self._customers[number].customer_id if number < known else self._others[number - known]

    def _top(self, number: int) -> int:
        """The group at the top; a circle of parents ends where it began."""
        seen = {number}
        while (parent := self._parents[number]) >= 0 and parent not in seen:
            seen.add(parent)
            number = parent
        return number

    def _name_customers(self) -> None:
        aliases = keys_of([alias for one in self._customers for alias in one.aliases])
        short: dict[str, int | list[int]] = {}
        at = 0
        for number, one in enumerate(self._customers):
            own = aliases[at : at + len(one.aliases)]
            at += len(one.aliases)
            forms = forms_of(self._registered[number])
            if forms.sure[0] != forms.sure[1]:
                self._legal.add(forms.sure[0])
            for form in (*forms.sure, *own):
                _put(self._owners, form, number)
            for form in forms.short:
                _put(short, form, number)
            if forms.branch:
                for form in _of_branch(forms, own):
                    _put(short, form, number)
        for form, number in self._of_groups():
            _put(short, form, number)
        self._keep_families(short)

    def _of_groups(self) -> Iterator[tuple[str, int]]:
        """ "X group" and X集团 are the company above, not its branches."""
        for number in {parent for parent in self._parents if parent >= 0}:
            core = without_legal_form(self._registered[number])
            yield (f"{core}集团" if has_han(core) else f"{core} group"), number

    def _keep_families(self, short: dict[str, int | list[int]]) -> None:
        """Short forms count where a group and its branches have them, and nobody else."""
        places, tops = company_words().places, self._tops
        for form, owner in short.items():
            if form in places or len(form) < 2:
                continue
            had = self._owners.get(form)
            if had is None and not isinstance(owner, list):
                self._owners[form] = owner
                continue
            everybody = dict.fromkeys((*_as_list(had if had is not None else []), *_as_list(owner)))
            if len({tops[number] for number in everybody}) == 1:
                self._owners[form] = list(everybody)

    def _name_others(self, others: Iterable[tuple[str, str]]) -> None:
        numbers: dict[str, int] = {}
        for name, concept in others:
            if concept not in numbers:
                numbers[concept] = len(self._customers) + len(self._others)
                self._others.append(concept)
            _put(self._owners, key_of(name), numbers[concept])


def _of_branch(forms: Forms, aliases: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys((*forms.short, *aliases)):
        yield from said_with_branch(name, forms.branch)


def _put(owners: dict[str, int | list[int]], form: str, number: int) -> None:
    had = owners.setdefault(form, number)
    if isinstance(had, list):
        if number not in had[-1:]:
            had.append(number)
    elif had != number:
        owners[form] = [had, number]


def _as_list(owner: int | list[int]) -> list[int]:
    return owner if isinstance(owner, list) else [owner]
