"""What one warehouse version knows by name, read once: the company, its people, its words and its customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from analytics.accounts import cities_of_customers, customer_names, owners_of_customers
from analytics.organisation import Company, Rep, all_reps, read_company
from analytics.semantic import Model
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.access import scope_of
from assistant.question import Asker, Question
from assistant.understanding import Context
from assistant.understanding.lexicon import Lexicon, our_words
from assistant.understanding.names import names_of_cities, names_of_reps, names_of_values
from assistant.understanding.naming import NameIndex


@dataclass(frozen=True)
class Known:
    """The names of one version; `owners` of customers are read when a name has to be guessed."""

    version: int
    company: Company
    reps: dict[str, Rep]
    lexicon: Lexicon
    index: NameIndex
    owners: dict[str, str] = field(default_factory=dict)

    def context(self, question: Question, model: Model, reader: Reader) -> Context:
        """What this question is read against."""
        return Context(
            self.lexicon,
            model,
            question.clock.today,
            self.company.fiscal_year_start,
            self.index,
            self._open_to(question.asker, reader),
            self.company.performance_reading,
            self.company.currency,
        )

    def _open_to(self, asker: Asker | None, reader: Reader) -> Callable[[str], bool]:
        """Of whom an asker may be reminded ("did you mean"): colleagues, and customers whose rows are open to them."""

        @cache
        def scope() -> Scope:
            return scope_of(asker, reader) if asker is not None else Scope()

        def open_to(concept: str) -> bool:
            kind, _, customer = concept.rpartition(":")
            if kind != "value:customer":
                return asker is not None
            if not self.owners:
                self.owners.update(owners_of_customers(reader))
            owner = self.owners.get(customer)
            return scope().reps is None or (owner is not None and scope().allows(owner))

        return open_to


def read_known(reader: Reader, model: Model) -> Known:
    """The names of the version that `reader` pins."""
    reps = {rep.rep_id: rep for rep in all_reps(reader)}
    values = (*names_of_values(model, reader), *names_of_cities(cities_of_customers(reader)))
    lexicon = Lexicon((*names_of_reps(reps.values()), *values), model)
    common = our_words(model) | {name for name, _ in values}
    index = NameIndex(customer_names(reader), reps.values(), common=common)
    return Known(reader.version, read_company(reader), reps, lexicon, index)
