"""KPI files beside each other: formulas, dimensions, drivers, periods, rights and questions that can work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from analytics.semantic.check_measures import check_measure
from analytics.semantic.check_periods import check_periods
from analytics.semantic.check_questions import check_questions
from analytics.semantic.definition import Kpi
from analytics.semantic.found import Found, Layers, Trouble, near
from analytics.semantic.model import Model


def check_kpis(model: Model, layers: Layers) -> Iterator[Found]:
    """Every mistake in a KPI file, what its tables lack included."""
    leads_to = {kpi.id: _leads_to(model, kpi) for kpi in model.kpis.values()}
    measured = {kpi.id: list(_measures(model, kpi)) for kpi in model.kpis.values()}
    for kpi in model.kpis.values():
        derived = _derived_from(kpi.id, leads_to)
        troubles = [*measured[kpi.id], *_alone(model, kpi, layers)]
        if kpi.id in derived:
            troubles.append((("value",), "the KPI is derived from itself"))
        elif all(name in model.kpis and name not in _derived_from(name, leads_to) for name in derived):
            troubles += [*check_periods(model, kpi), *_rights(model, kpi)]
            if not any(measured[name] for name in (kpi.id, *derived)):
                yield from _lacking(model, kpi)
        yield from (Found(f"kpi {kpi.id}", place, says) for place, says in troubles)


def _measures(model: Model, kpi: Kpi) -> Iterator[Trouble]:
    for name, measure in kpi.measures.items():
        yield from check_measure(model, ("measures", name), measure)


def _alone(model: Model, kpi: Kpi, layers: Layers) -> Iterator[Trouble]:
    yield from _names(model, kpi, layers)
    yield from _dimensions(model, kpi)
    yield from _drivers(model, kpi)
    yield from check_questions(model, kpi)


def _leads_to(model: Model, kpi: Kpi) -> tuple[str, ...]:
    """The KPIs that this one's file names, those it holds forecasts against included."""
    named = [name for name in kpi.formula.names if name not in kpi.measures and name not in kpi.constants]
    return (*named, *(measure.forecast.kpi for measure in kpi.measures.values() if measure.forecast is not None))


def _derived_from(kpi_id: str, leads_to: dict[str, tuple[str, ...]]) -> set[str]:
    """All KPIs a KPI is computed from; itself among them where the formulas go round."""
    found: set[str] = set()
    waiting = list(leads_to.get(kpi_id, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += leads_to.get(name, ())
    return found


def _names(model: Model, kpi: Kpi, layers: Layers) -> Iterator[Trouble]:
    """Each name in `value` means one thing. A file older than the KPI of that name still means its own measure."""
    for field, names in (("measures", kpi.measures), ("constants", kpi.constants)):
        for name in names:
            if name != kpi.id and name in model.kpis and layers[f"kpi {name}"] <= layers[f"kpi {kpi.id}"]:
                yield (field, name), f"{name} is a KPI; call the {field.removesuffix('s')} something else"
    known = {*kpi.measures, *kpi.constants, *model.kpis}
    for name in kpi.formula.names:
        if name not in known:
            yield ("value",), f"{name} is no measure or constant of this file and no KPI{near(name, known)}"
    if not {*kpi.formula.names} - kpi.constants.keys():
        yield ("value",), "`value` names no measure and no KPI, so it is the same for every period"


def _dimensions(model: Model, kpi: Kpi) -> Iterator[Trouble]:
    for place, name in enumerate(kpi.dimensions):
        if name not in model.dimensions:
            yield ("dimensions", place), f"{name} is not in dimensions.yaml{near(name, model.dimensions)}"
    used = [(("drivers", "dimensions"), name) for name in kpi.drivers.dimensions]
    used += [(("without", name), name) for name in kpi.without]
    for at, name in used:
        if name not in kpi.dimensions:
            yield at, f"{name} is not among the KPI's dimensions{near(name, set(kpi.dimensions))}"
    for name, value in kpi.without.items():
        codes = model.dimensions[name].values if name in model.dimensions else {}
        if codes and value not in codes:
            yield ("without", name), f"{value} is no value of {name}; it has {', '.join(codes)}"


def _drivers(model: Model, kpi: Kpi) -> Iterator[Trouble]:
    known = {*kpi.measures, *model.kpis}
    for name, times in Counter(kpi.drivers.parts).items():
        if name not in known:
            yield ("drivers", "parts"), f"{name} is no measure of this file and no KPI{near(name, known)}"
        elif name == kpi.id and name not in kpi.measures:
            yield ("drivers", "parts"), f"{name} is no part of itself; name its measures, or the KPIs it is made of"
        elif times > 1:
            yield ("drivers", "parts"), f"{name} stands twice among the parts"


def _lacking(model: Model, kpi: Kpi) -> Iterator[Found]:
    """A KPI allows only the dimensions that all its parts have."""
    lacking: dict[str, list[str]] = defaultdict(list)
    for part in model.parts(kpi.id):
        table = part.measure.table
        for name in kpi.dimensions:
            known = name in model.dimensions and model.schema.table(table) is not None
            if known and name not in lacking[table] and model.path(part.measure, name) is None:
                lacking[table].append(name)
    for table, names in lacking.items():
        yield from (Found(f"kpi {kpi.id}", ("dimensions",), "", lacks=(table, name)) for name in names)


def _rights(model: Model, kpi: Kpi) -> Iterator[Trouble]:
    """Rows that belong to nobody are never somebody's own."""
    company = [table for table in model.tables_of(kpi.id) if model.schema.file(table).company]
    own = {"rep": kpi.access.rep == "own", "manager": kpi.access.manager == "teams"}
    if company and any(own.values()):
        roles = " and ".join(f"{role}: company" for role, given in own.items() if given)
        yield ("access",), f"rows of {company[0]} belong to nobody (company: true); write {roles}, or none"
