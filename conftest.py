"""Every test process has files of its own, as pytest-odoo gives it a database of its own.

In a directory that they share, one process clears away what another has just stored.
Without that plugin (``pytest -p no:odoo``) the tests of the engine run by themselves.
"""

import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

from odoo.tools import config


def pytest_configure(config):
    """Without pytest-odoo nothing loads the models, which would want a database."""
    if not config.pluginmanager.hasplugin("odoo"):
        for name in ("cs_promotion", "cs_promotion.tests"):
            package = sys.modules[name] = ModuleType(name)
            package.__path__ = [str(config.rootpath.joinpath(*name.split(".")))]


def pytest_sessionstart(session):
    worker = os.getenv("PYTEST_XDIST_WORKER")
    if not worker:
        return
    (database,) = config["db_name"]
    own = Path(config["data_dir"], "tests", f"{database}-{worker}")
    shutil.copytree(config.filestore(database), own / "filestore" / database, copy_function=os.link)
    config["data_dir"] = str(own)


def pytest_sessionfinish(session):
    if os.getenv("PYTEST_XDIST_WORKER"):
        shutil.rmtree(config["data_dir"], ignore_errors=True)
