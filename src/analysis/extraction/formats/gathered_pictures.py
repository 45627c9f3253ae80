"""What the pictures of a document say that stand in the place of tables, gathered while the document is read."""

from dataclasses import dataclass, field

from analysis.extraction.layout.blocks import Block
from analysis.recognising.picture import PictureReader
from analysis.terms.line_item import Place
from analysis.terms.recognition import Reading


@dataclass
class GatheredPictures:
    """The pictures of one document: what they may say, and why some say nothing; `within` names where they stand."""

    reader: PictureReader
    within: str
    readings: dict[Place, Reading] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    count: int = 0

    def read(self, data: bytes) -> list[Block]:
        """The tables that the next picture shows, with the lines around them."""
        from analysis.extraction.formats.picture_image import image_to_blocks  # opens pictures: seldom needed

        self.count += 1
        blocks, readings, problem = image_to_blocks(data, self.count, self.reader)
        self.readings |= readings
        if problem:
            self.problems.append(f"{self.within}第 {self.count} 幅图片未读取：{problem}")
        return blocks
