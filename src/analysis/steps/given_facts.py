"""What is known of a file beside its text: what a person says (`documents.toml`), what its name and folders tell.

What a person gives goes before what the text says. The names of the file and of its folders are asked last, where the
text tells no year or no region. Whatever was taken from here stands in the document's row, so that a change of it is
known, and in its note.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

from analysis.errors import KnowledgeError
from analysis.knowledge.given import load_given
from analysis.knowledge.regions import region_of_folders
from analysis.suggestions import suggestion
from analysis.terms.document import NOTHING_GIVEN, Given

GIVEN_FILE = "documents.toml"
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_WORDS = {
    "organisation": ("单位", "organisation"),
    "year": ("年度", "year"),
    "level": ("层级", "level"),
    "kind": ("种类", "kind"),
    "region": ("地区", "region"),
    "unit": ("金额单位", "unit"),
}


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """What is known of a file beside its text: `person` by `documents.toml`, `year` and `region` by its names."""

    person: Given = NOTHING_GIVEN
    year: int | None = None
    region: str | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """What the person gives, one a line, as the dataset keeps it."""
        values = {field.name: getattr(self.person, field.name) for field in fields(self.person)}
        return tuple(f"{name}: {value}" for name, value in values.items() if value is not None)

    @property
    def year_line(self) -> str | None:
        """The year of the file's name, as the dataset keeps it where it was taken."""
        return None if self.year is None else f"year of the file's name: {self.year}"

    @property
    def region_line(self) -> str | None:
        """The region of the folders, as the dataset keeps it where it was taken."""
        return None if self.region is None else f"region of the folder's name: {self.region}"

    def would_change(self, given: str | None, year: int | None, region: str | None) -> bool:
        """Whether a document that was read with `given` (the column of that name) would now be told something else.

        Args:
            given: What was taken when it was read.
            year: The year that it was given or told.
            region: The region that it was given or told.
        """
        taken = () if given is None else tuple(given.splitlines())
        by_name = tuple(line for line in (self.year_line, self.region_line) if line is not None)
        is_other = tuple(line for line in taken if line not in by_name) != self.said
        is_more = (year is None and self.year is not None) or (region is None and self.region is not None)
        return is_other or is_more

    def note(self, taken: Collection[str]) -> tuple[str, ...]:
        """The sentences of a document's note on what was `taken`, lines as above."""
        named = [_WORDS[line.partition(":")[0]] for line in self.said]
        words = []
        if named:
            zh, en = "、".join(zh for zh, _ in named), ", ".join(en for _, en in named)
            words.append(f"{zh}由人在 {GIVEN_FILE} 中给出。 / A person gave its {en} in {GIVEN_FILE}.")
        if self.year_line in taken:
            words.append("年度取自文件名。 / The year is that of the file's name.")
        if self.region_line in taken:
            words.append("地区取自文件夹名。 / The region is that of the folder's name.")
        return tuple(words)


NO_FACTS = GivenFacts()


def read_given(raw_dir: Path, source_files: Collection[str]) -> Mapping[str, Given]:
    """What a person says of files of the raw folder, by their path in it; nothing where there is no `documents.toml`.

    Args:
        raw_dir: The raw folder.
        source_files: The files that it holds.

    Raises:
        KnowledgeError: It is no valid TOML, has a key or a value that it may not have, or names a file that is not
            there.
    """
    path = raw_dir / GIVEN_FILE
    if not path.exists():
        return {}
    found = {}
    for file, said in load_given(path).items():
        name = PurePosixPath(file.replace("\\", "/")).as_posix()
        if name not in source_files:
            near = suggestion(name, list(source_files))
            raise KnowledgeError(
                f"{path} 写到的文件“{file}”不在原始文件夹中；请写相对该文件夹的路径。{near}"
                f" / {file} is not in the raw folder: write its path relative to the folder"
            )
        found[name] = said
    return found


def facts_of(source_file: str, given: Mapping[str, Given]) -> GivenFacts:
    """What is known of a file beside its text; `given` is what a person says of files."""
    path = PurePosixPath(source_file)
    years = set(_YEAR.findall(path.name))
    region = region_of_folders(path.parent.parts)
    return GivenFacts(
        given.get(source_file, NOTHING_GIVEN),
        int(years.pop()) if len(years) == 1 else None,
        region.name if region else None,
    )
