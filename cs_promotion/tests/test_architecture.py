"""The house is as docs/architecture.md draws it: imports along the arrows, every model whole."""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
ROOMS = ("policy", "people", "review", "conduct", "decision", "view")
MOST_FILES = 3  # a model and two mixins of its own
# Models that are not in one place yet. What is whole by now has to be struck off here.
NOT_WHOLE_YET = set()


class Piece(NamedTuple):
    """What one file of an addon says of a model."""

    file: str
    model: str
    inherits: tuple
    methods: frozenset

    @property
    def defines(self):
        return self.model not in self.inherits


def read_files(addon):
    """Path below the addon -> syntax tree, of all but its tests."""
    folder = ROOT / addon
    return {
        path.relative_to(folder): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
        if "tests" not in path.relative_to(folder).parts
    }


def read_manifest(addon):
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text(encoding="utf-8"))


def get_imports(addon, path, tree):
    """What a file imports, each as a tuple of names; ours begin with the addon's."""
    package = (addon, *path.parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base = (*base, *(node.module or "").split(".")) if node.module else base
            found = [(*base, alias.name) for alias in node.names]
        else:
            continue
        for names in map(tuple, found):
            yield names[2:] if names[:2] == ("odoo", "addons") else names


def get_pieces(addon):
    """The pieces of all models that the addon defines or extends."""
    for path, tree in read_files(addon).items():
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            given = {
                target.id: ast.literal_eval(each.value)
                for each in node.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
            }
            inherits = given.get("_inherit") or ()
            inherits = (inherits,) if isinstance(inherits, str) else tuple(inherits)
            name = given.get("_name") or (inherits and inherits[0])
            if name:
                methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
                yield Piece(str(path), name, inherits, frozenset(methods))


def group_pieces(addon):
    """Model -> its pieces, those of its own mixins with them: ``cs.cycle.closing.mixin``."""
    pieces = list(get_pieces(addon))
    inherited = defaultdict(set)
    for piece in pieces:
        inherited[piece.model].update(piece.inherits)
    grouped = defaultdict(list)
    for piece in pieces:
        owners = [
            name
            for name, mixins in inherited.items()
            if piece.model in mixins - {name} and piece.model.startswith(f"{name}.")
        ]
        for owner in owners or [piece.model]:
            grouped[owner].append(piece)
    return grouped


@tagged("post_install", "-at_install", "cs_promotion")
class TestArchitecture(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addons = sorted(path.parent.name for path in ROOT.glob("cs_*/__manifest__.py"))

    def get_reached(self, addon):
        """Those of our addons that one may know: itself and what it depends on."""
        reached = {addon}
        for name in set(read_manifest(addon)["depends"]) & set(self.addons):
            reached |= self.get_reached(name)
        return reached

    def check(self, faults):
        self.assertFalse(faults, "\n".join(map(str, faults)))

    def test_the_engine_knows_python_alone(self):
        files = [(path, tree) for path, tree in read_files("cs_promotion").items()]
        engine = [(path, tree) for path, tree in files if path.parts[0] == "engine"]
        self.assertTrue(engine)
        self.check(
            [
                f"{path} imports {'.'.join(names)}"
                for path, tree in engine
                for names in get_imports("cs_promotion", path, tree)
                if names[:2] != ("cs_promotion", "engine")
                and names[0] not in sys.stdlib_module_names
            ]
        )

    def test_the_engine_is_read_from_top_to_bottom(self):
        """Each file of the engine knows those alone that the drawing has above it, or beside it."""
        drawing = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
        rows = drawing.partition("## The engine's rooms")[2].partition("###")[0].splitlines()
        named = [re.findall(r"`(\w+)\.py`", row.split("|")[1]) for row in rows if row[:3] == "| `"]
        places = {name: place for place, names in enumerate(named) for name in names}
        engine = {
            path.stem: set(get_imports("cs_promotion", path, tree))
            for path, tree in read_files("cs_promotion").items()
            if path.parts[0] == "engine" and path.name != "__init__.py"
        }
        self.assertEqual(places.keys(), engine.keys())
        self.check(
            [
                f"{name} imports {names[2]}"
                for name, imports in engine.items()
                for names in imports
                if names[:2] == ("cs_promotion", "engine") and places[names[2]] > places[name]
            ]
        )

    def test_no_addon_knows_one_that_it_does_not_depend_on(self):
        """The core knows no bridge, by neither module nor model."""
        defined = {
            piece.model: addon
            for addon in self.addons
            for piece in get_pieces(addon)
            if piece.defines
        }
        self.assertEqual(defined["cs.cycle"], "cs_promotion")
        for addon in self.addons:
            strangers = set(self.addons) - self.get_reached(addon)
            hidden = {model for model, owner in defined.items() if owner in strangers}
            for path, tree in read_files(addon).items():
                named = {names[0] for names in get_imports(addon, path, tree)} & strangers
                named |= hidden & {
                    node.value
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
                self.assertFalse(named, f"{addon}/{path}")

    def test_rooms_import_in_one_direction(self):
        """A room of ``models/`` imports those before it; what all share imports none."""
        faults = []
        for addon in self.addons:
            for path, tree in read_files(addon).items():
                if path.parts[0] != "models" or path.name == "__init__.py":
                    continue
                room = path.parts[1]
                reach = ROOMS[: ROOMS.index(room) + 1] if room in ROOMS else ()
                for names in get_imports(addon, path, tree):
                    if names[1:2] == ("models",) and set(names[2:3]) & set(ROOMS) - set(reach):
                        faults.append(f"{addon}/{path} imports {'.'.join(names)}")
        self.check(faults)

    def test_every_room_is_known(self):
        rooms = {path.parent.name for path in (ROOT / "cs_promotion/models").glob("*/__init__.py")}
        self.assertLessEqual(rooms, set(ROOMS))
        self.assertIn("review", rooms)

    def find_unwhole(self, addon):
        """Pairs (model, fault) of models that are not in one place."""
        for model, pieces in group_pieces(addon).items():
            files = sorted({piece.file for piece in pieces})
            if len(files) > MOST_FILES:
                yield model, f"lies in {len(files)} files: {', '.join(files)}"
            own = {piece.file for piece in pieces if piece.model == model}
            if len(own) > 1 and any(piece.defines and piece.model == model for piece in pieces):
                yield model, f"is extended by the addon that defines it: {', '.join(sorted(own))}"
            written = defaultdict(set)
            for piece in pieces:
                for name in piece.methods:
                    written[name].add(piece.file)
            for name, where in sorted(written.items()):
                if len(where) > 1:
                    yield model, f"{name} is chained: {', '.join(sorted(where))}"

    def test_every_model_is_whole(self):
        """At most in its file and two mixins; nothing is called from one to another by super."""
        found = [(addon, *each) for addon in self.addons for each in self.find_unwhole(addon)]
        self.check(
            [
                f"{addon}: {model} {fault}"
                for addon, model, fault in found
                if (addon, model) not in NOT_WHOLE_YET
            ]
        )
        whole = NOT_WHOLE_YET - {(addon, model) for addon, model, _fault in found}
        self.assertFalse(whole, "whole by now: to be struck off NOT_WHOLE_YET")
