"""``odoo cs_policy``: policies as files (script/policy)."""

import json
import logging
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class cs_policy(Command):  # the class of a command is named like the command
    """Check, load and write policy packages, and the schema that they follow."""

    def run(self, args):
        parser = self.parser
        parser.prog = self.name
        parser.error = lambda message: parser.exit(2, f"{parser.prog}: {message}\n")
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument("-d", "--database", required=True)
        steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
        check = steps.add_parser("check", help="read packages, and keep nothing")
        check.add_argument("files", nargs="+", metavar="FILE.json")
        load = steps.add_parser("import", help="make a draft of a package")
        load.add_argument("files", nargs=1, metavar="FILE.json")
        load.add_argument("--company", type=int, help="id of the company; by default the first")
        load.add_argument("--from", dest="start", metavar="YYYY-MM-DD", help="in force from")
        write = steps.add_parser("export", help="write the policy in force, or another one")
        write.add_argument("--policy", type=int, help="id of the policy")
        steps.add_parser("schema", help="write the JSON schema of packages")
        options = parser.parse_args(args)
        config.parse_config(
            [f"--config={options.config}"] if options.config else [], setup_logging=True
        )
        logging.getLogger().setLevel(logging.WARNING)
        with Registry(options.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
            done = getattr(self, f"_{options.step}")(env["cs.policy.package"], options)
            if options.step != "import" or not done:
                cr.rollback()
        sys.exit(0 if done else 2)

    def _check(self, packages, options):
        done = True
        packages = packages.with_context(cs_trying_out=True)
        for file in options.files:
            company = packages.env["res.company"].create({"name": f"Check {file}"})
            done &= bool(self._load(packages, company, file, None))
            # what one file brings is nothing that the next one could go by
            packages.env.invalidate_all(flush=False)
            packages.env.cr.rollback()
            packages.env.registry.clear_all_caches()
        return done

    def _import(self, packages, options):
        companies = packages.env["res.company"]
        company = companies.browse(options.company or companies.search([], limit=1).id)
        policy = self._load(packages, company, options.files[0], options.start)
        if policy:
            print(f"{policy.display_name}: a draft for {company.name}, id {policy.id}")
        return bool(policy)

    def _load(self, packages, company, file, start):
        """The draft, or nothing and one line on standard error."""
        from odoo.addons.cs_promotion.package.node import ScenarioError

        try:
            return packages._import(Path(file).read_text(encoding="utf-8"), company, start)
        except ScenarioError as error:
            print(f"{file}: {error}", file=sys.stderr)
        except (OSError, UnicodeDecodeError) as error:
            print(f"{file}: $: {error}", file=sys.stderr)
        return None

    def _export(self, packages, options):
        policies = packages.env["cs.policy"]
        company = packages.env["res.company"].search([], limit=1)
        policy = policies.browse(options.policy or ()) or policies._get_required(
            company, company._cs_today()
        )
        self._print(packages._export(policy))
        return True

    def _schema(self, packages, options):
        self._print(packages._get_schema())
        return True

    def _print(self, data):
        print(json.dumps(data, ensure_ascii=False, indent=1))
