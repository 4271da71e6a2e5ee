"""Write what is read about an addon before it is installed, from its manifest and readme/.

README.rst is what a package index shows, static/description/index.html is its page among Odoo's
apps. ``script/readme`` writes both; ``script/lint`` tells when they are out of date.
"""

import argparse
import ast
import sys
from html import escape
from pathlib import Path
from string import Template

import mistune
from docutils.core import publish_doctree
from mistune.renderers.html import HTMLRenderer
from mistune.renderers.rst import RSTRenderer

# fragment -> heading of its section, in this order; an addon has those that it needs
SECTIONS = {
    "DESCRIPTION": None,
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known Limits",
    "HISTORY": "Changes",
    "DEVELOP": "Development",
    "CONTRIBUTORS": "Contributors",
}
WARNING = 2  # docutils' level of what it finds amiss

README = Template("""\
.. Written by script/readme from the manifest and readme/: edit these.

$line
$name
$line

$summary

.. contents::
   :local:
   :depth: 1

$body

Licence
=======

$license, by $author: $website
""")

# Odoo takes its style off and shows it by Bootstrap's, below a heading of its own; links within
# the page would open another tab there. So neither heading nor links are shown in Odoo.
PAGE = Path(__file__).with_name("readme.html")


class Rst(RSTRenderer):
    """Keeps the lines as they are in the fragment, so that their changes are seen."""

    def softbreak(self, token, state):
        return "\n"


class Html(HTMLRenderer):
    """Headings go below those of the sections."""

    def heading(self, text, level, **attrs):
        return super().heading(text, level + 1, **attrs)


def main():
    """Write the files of the addons that are named; with --check, tell which are out of date."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("addons", nargs="+", type=Path)
    options = parser.parse_args()
    outdated = []
    for addon in options.addons:
        for path, text in make_pages(addon).items():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            outdated.append(str(path))
            if not options.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if options.check and outdated:
        sys.exit(f"out of date, run script/readme: {', '.join(outdated)}")


def make_pages(addon):
    """Path -> text of what is made for an addon."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    if unknown := {path.stem for path in addon.glob("readme/*")} - set(SECTIONS):
        sys.exit(f"{addon}/readme: no section is made of {', '.join(sorted(unknown))}")
    fragments = [
        (name.lower(), title, path.read_text(encoding="utf-8"))
        for name, title in SECTIONS.items()
        if (path := addon / "readme" / f"{name}.md").exists()
    ]
    return {
        addon / "README.rst": make_readme(manifest, fragments),
        addon / "static" / "description" / "index.html": make_page(manifest, fragments),
    }


def make_readme(manifest, fragments):
    """reStructuredText, read once by docutils, which refuses what it finds amiss."""
    convert = mistune.create_markdown(renderer=Rst())
    parts = []
    for _name, title, text in fragments:
        parts += [f"{title}\n{'=' * len(title)}"] if title else []
        parts.append(convert(text).strip())
    line = "=" * len(manifest["name"])
    text = README.substitute(manifest, line=line, body="\n\n".join(parts))
    publish_doctree(text, settings_overrides={"halt_level": WARNING})
    return text


def make_page(manifest, fragments):
    """HTML, with links to its sections."""
    convert = mistune.create_markdown(renderer=Html())
    links, parts = [], []
    for name, title, text in fragments:
        heading = f"<h2>{title}</h2>\n" if title else ""
        parts.append(f'<section id="{name}" class="mb-4">\n{heading}{convert(text)}</section>')
        links += [f'<a href="#{name}">{title}</a>'] if title else []
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        {key: escape(value) for key, value in manifest.items() if isinstance(value, str)},
        links=" ·\n".join(links),
        body="\n".join(parts),
    )


if __name__ == "__main__":
    main()
