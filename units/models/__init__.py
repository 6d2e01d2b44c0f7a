"""The tables of the directory; each module holds one room of it."""

from units.models.editions import Edition, PublishedEditionError
from units.models.history import History
from units.models.initiatives import Initiative
from units.models.milestones import Milestone
from units.models.people import Appointment, Person, PostPublicity
from units.models.posts import Post
from units.models.rows import EditionRow, Fact
from units.models.sources import Certainty, Citation, Passage, Source
from units.models.statements import Statement
from units.models.structure import Body, Unit
from units.models.synonyms import Synonym
from units.models.uploads import Upload

__all__ = [
    "Appointment",
    "Body",
    "Certainty",
    "Citation",
    "Edition",
    "EditionRow",
    "Fact",
    "History",
    "Initiative",
    "Milestone",
    "Passage",
    "Person",
    "Post",
    "PostPublicity",
    "PublishedEditionError",
    "Source",
    "Statement",
    "Synonym",
    "Unit",
    "Upload",
]
