"""``odoo cs_replay``: play histories through the installed addons (script/replay)."""

import json
import logging
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class cs_replay(Command):  # the class of a command is named like the command
    """Play scenario files and print every result as JSON."""

    def run(self, args):
        parser = self.parser
        parser.prog = self.name
        # One line, like every other fault
        parser.error = lambda message: parser.exit(2, f"{parser.prog}: {message}\n")
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument("-d", "--database", required=True)
        parser.add_argument("--out", metavar="DIR", help="write DIR/NAME.json for each file")
        parser.add_argument("files", nargs="+", metavar="FILE.json")
        options = parser.parse_args(args)
        if len(options.files) > 1 and not options.out:
            parser.error("several files need --out DIR")
        config.parse_config(
            [f"--config={options.config}"] if options.config else [], setup_logging=True
        )
        logging.getLogger().setLevel(logging.WARNING)
        failed = False
        with Registry(options.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for file in options.files:
                failed |= not self._replay(env, Path(file), options.out)
                cr.rollback()
        sys.exit(2 if failed else 0)

    def _replay(self, env, file, out):
        """Play one file; False, with one line on standard error, when it is faulty. What of it is
        not played is told there, too."""
        from odoo.addons.cs_promotion.package.node import ScenarioError

        env.invalidate_all(flush=False)
        env.registry.clear_all_caches()

        def tell(line):
            print(f"{file}: {line}", file=sys.stderr)

        try:
            result = env["cs.replay"]._play(file.read_text(encoding="utf-8"), file.parent, tell)
        except ScenarioError as error:
            print(f"{file}: {error}", file=sys.stderr)
            return False
        except (OSError, UnicodeDecodeError) as error:
            print(f"{file}: $: {error}", file=sys.stderr)
            return False
        text = json.dumps(result, ensure_ascii=False, indent=1)
        if out:
            folder = Path(out)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{file.stem}.json").write_text(text + "\n", encoding="utf-8")
        else:
            print(text)
        return True
