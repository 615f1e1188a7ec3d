"""How a file is to be imported: kept with the batch as JSON, read back typed."""

from enum import StrEnum

from pydantic import BaseModel
from pydantic import Field as Default

from pipeline.domain.importing.mapping import Columns


class NoContact(StrEnum):
    """What becomes of a row that names no contact."""

    PLACEHOLDER = "placeholder"
    REJECT = "reject"


class ImportSettings(BaseModel):
    """`system` names where external ids come from; `time_zone` is where a written time without a zone was meant."""

    columns: Columns = Default(default_factory=dict)
    pipeline: str | None = None
    create_missing: bool = False
    no_contact: NoContact = NoContact.PLACEHOLDER
    date_format: str | None = None
    system: str = "import"
    owner_domain: str = "import.example"
    with_automation: bool = False
    time_zone: str = "UTC"
