"""KPI files, table files and the words of dimensions -> a checked Model. Errors name file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from analytics.semantic.check_model import mistakes_of
from analytics.semantic.definition import Dimension, Kpi, Name, TableFile
from analytics.semantic.faults import Complaint, ModelError
from analytics.semantic.found import Found
from analytics.semantic.model import Model
from analytics.semantic.wording import worded
from analytics.semantic.yaml_file import line_of, load

BUILT_IN = Path(__file__).parents[1] / "kpis"
_KPI_DIR = "LEADLINE_KPI_DIR names a folder of KPI files"
_DIMENSIONS: TypeAdapter[dict[str, Dimension]] = TypeAdapter(dict[Name, Dimension])

File = TypeVar("File", bound=BaseModel)


@dataclass(frozen=True)
class Folder:
    """A folder of KPI files as it stands on the disk: another time or size of one of them is another folder."""

    path: Path
    kpis: tuple[Path, ...]
    tables: tuple[Path, ...]
    changed: tuple[tuple[int, int], ...]


def read_model(folder: Path | None = None, *, built_in: bool = True) -> Model:
    """The built-in KPIs, with those of `folder` added or put in the place of built-in ones of the same name.

    `built_in=False` reads `folder` alone: a model of another schema. Files that were changed are read again. Raises
    ModelError with every mistake found.
    """
    paths = [*([BUILT_IN] if built_in else []), *([folder] if folder else [])]
    return _read(tuple(_as_it_stands(path) for path in paths))


def _as_it_stands(folder: Path) -> Folder:
    kpis, tables = _files(folder), _files(folder / "tables")
    return Folder(folder, kpis, tables, tuple(_state(path) for path in (*kpis, *tables)))


def _files(folder: Path) -> tuple[Path, ...]:
    """The YAML files of a folder by name; hidden ones are an editor's."""
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml")]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(sorted(path for path in found if not path.name.startswith(".")))


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=4)
def _read(folders: tuple[Folder, ...]) -> Model:
    files = _Files()
    for layer, folder in enumerate(folders):
        files.read(folder, layer)
    model = Model(files.kpis, files.tables, files.dimensions)
    if not files.complaints:
        files.complaints += map(files.complaint, mistakes_of(model, files.layers))
    if files.complaints:
        raise ModelError(files.complaints)
    return model


@dataclass(frozen=True)
class _Place:
    """Where something is declared: a dimension stands under its name in the file of all of them."""

    path: Path
    layer: int
    under: tuple[str, ...] = ()


class _Files:
    """What stands in the files read so far, and what is wrong with them."""

    def __init__(self) -> None:
        self.kpis: dict[str, Kpi] = {}
        self.tables: dict[str, TableFile] = {}
        self.dimensions: dict[str, Dimension] = {}
        self.complaints: list[Complaint] = []
        self._places: dict[str, _Place] = {}

    @property
    def layers(self) -> dict[str, int]:
        """What is built in (0), and what comes from the folder on top (1)."""
        return {what: place.layer for what, place in self._places.items()}

    def read(self, folder: Folder, layer: int) -> None:
        """Add the files of a folder; what has the name of something read before takes its place."""
        if not folder.path.is_dir():
            self._complain(folder.path, f"there is no such folder; {_KPI_DIR}")
        elif not folder.kpis and not folder.tables:
            self._complain(folder.path, f"there is no KPI file in this folder; {_KPI_DIR}{_nearby(folder.path)}")
        for path in folder.tables:
            for table in self._checked(path, TableFile, "table"):
                self.tables[table.name] = table
                self._note(f"table {table.name}", _Place(path, layer), ("view" if table.view else "table",))
        for path in folder.kpis:
            if path.stem == "dimensions":
                self._read_dimensions(path, layer)
                continue
            for kpi in self._checked(path, Kpi, "id"):
                self.kpis[kpi.id] = kpi
                self._note(f"kpi {kpi.id}", _Place(path, layer), ("id",))
                if kpi.id != path.stem:
                    says = f"id is {kpi.id}, the file {path.name}; give both one name"
                    self._complain(path, says, ("id",))

    def complaint(self, mistake: Found) -> Complaint:
        """A mistake with its file and line."""
        place = self._places[mistake.what]
        return Complaint(place.path, line_of(place.path, (*place.under, *mistake.place)), mistake.says)

    def _checked(self, path: Path, kind: type[File], starts_with: str) -> Iterator[File]:
        given = load(path, starts_with, self.complaints)
        if given is None:
            return
        if kind is Kpi and "id" not in given and ("table" in given or "view" in given):
            self._complain(path, "this is the file of a table; move it into the folder tables")
            return
        try:
            yield kind.model_validate(given)
        except ValidationError as error:
            self.complaints += worded(path, given, error)

    def _read_dimensions(self, path: Path, layer: int) -> None:
        given = load(path, "region", self.complaints)
        try:
            found = _DIMENSIONS.validate_python(given or {})
        except ValidationError as error:
            self.complaints += worded(path, given, error)
            return
        self.dimensions.update(found)
        self._places |= {f"dimension {name}": _Place(path, layer, (name,)) for name in found}

    def _note(self, what: str, place: _Place, at: tuple[str, ...]) -> None:
        """Two files of one folder cannot declare the same."""
        other = self._places.get(what)
        if other is not None and other.layer == place.layer:
            self._complain(place.path, f"{what.partition(' ')[2]} is declared in {other.path.name} already", at)
        self._places[what] = place

    def _complain(self, path: Path, says: str, at: tuple[str, ...] = ()) -> None:
        self.complaints.append(Complaint(path, line_of(path, at) if at else 1, says))


def _nearby(folder: Path) -> str:
    """`; did you mean kpis/acme?` where the files stand one level below."""
    below = sorted({path.parent for path in folder.glob("*/*.yaml")})
    return f"; did you mean {below[0]}?" if below else ""
