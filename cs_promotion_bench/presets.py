"""The companies that are measured, each by one of the policies that are shipped."""

from typing import NamedTuple

from . import hotline
from .history import History
from .stages import STAGES


class Preset(NamedTuple):
    """A company's history, what is measured of it, and whether its pages are."""

    history: type
    stages: tuple
    has_pages: bool


PRESETS = {
    "furniture": Preset(History, STAGES, has_pages=True),
    "hotline": Preset(hotline.HotlineHistory, hotline.STAGES, has_pages=False),
}
