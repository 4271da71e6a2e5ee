"""``odoo cs_bench``: measure a month's end beside yardsticks (script/bench)."""

import json
import logging
import sys
from pathlib import Path

from odoo import fields
from odoo.cli.command import Command
from odoo.tools import config


class cs_bench(Command):  # the class of a command is named like the command
    """Measure the month's end of a company of many agents, in copies of a database."""

    def run(self, args):
        options = self._parse(args)
        config.parse_config(
            [f"--config={options.config}"] if options.config else [], setup_logging=True
        )
        logging.getLogger().setLevel(logging.WARNING)
        from odoo.addons.cs_promotion_bench.stage import Disagreement

        bench, measure = self._get_bench(options)
        try:
            result = {"employees": options.employees, **measure(bench, options)}
        except Disagreement as error:
            sys.exit(f"{self.parser.prog}: {error}")
        finally:
            if not options.keep:
                bench.drop()
        if options.json:
            options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")

    def _get_bench(self, options):
        """What measures, and the method of this command that has it measure."""
        if options.workers:
            from odoo.addons.cs_promotion_bench.workers import Workers

            return Workers(options.database, self._tell), self._measure_workers
        from odoo.addons.cs_promotion_bench.history import measured_month
        from odoo.addons.cs_promotion_bench.presets import PRESETS
        from odoo.addons.cs_promotion_bench.run import Bench

        month = measured_month(fields.Date.today())
        bench = Bench(options.database, month, self._tell, PRESETS[options.preset])
        return bench, self._measure

    def _parse(self, args):
        parser = self.parser
        parser.prog = "script/bench"
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument("-d", "--database", required=True, help="copied for every company")
        parser.add_argument("--employees", type=int, metavar="N", help="agents")
        presets = ("furniture", "hotline")
        parser.add_argument("--preset", choices=presets, default=presets[0], help="whose policy")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
        parser.add_argument("--growth", action="store_true", help="measure 2N and 4N agents, too")
        parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the growth there")
        workers = "have the long steps of a month done by jobs, with one worker and with two"
        parser.add_argument("--workers", type=int, choices=(2,), help=workers)
        parser.add_argument("--keep", action="store_true", help="leave the databases there")
        options = parser.parse_args(args)
        options.employees = options.employees or (10000 if options.workers else 2000)
        if options.employees < 20:
            parser.error("a company of 20 agents is the smallest that is measured")
        options.growth = options.growth or bool(options.plot)
        return options

    @staticmethod
    def _tell(text):
        print(text, file=sys.stderr, flush=True)

    @staticmethod
    def _measure(bench, options):
        from odoo.addons.cs_promotion_bench import report
        from odoo.addons.cs_promotion_bench.run import get_growth

        sizes = (1, 2, 4) if options.growth else (1,)
        counts = [size * options.employees for size in sizes]
        results = bench.measure(options.employees, sizes)
        for count, (stages, pages) in zip(counts, results, strict=True):
            print(report.format_table(count, stages, pages), end="\n\n")
        stages = [stages for stages, _pages in results]
        if not options.growth:
            return {"stages": stages[0]}
        growth = get_growth(*stages)
        print(report.format_growth(counts, growth))
        if options.plot:
            options.plot.write_text(report.draw_growth(counts, growth), encoding="utf-8")
        return {"stages": stages[0], "growth": growth}

    @staticmethod
    def _measure_workers(bench, options):
        from odoo.addons.cs_promotion_bench import report
        from odoo.addons.cs_promotion_bench.workers import get_rows

        measured, added = bench.measure(options.employees)
        rows = get_rows(measured)
        print(report.format_workers(options.employees, measured, rows), end="\n\n")
        print(report.format_sizes(options.employees, added))
        return {"workers": rows}
