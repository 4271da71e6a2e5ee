"""``odoo cs_demo``: close the demo company's last months and tell the story (script/demo)."""

import logging
import sys
import unicodedata

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


def _pad(text, width):
    """The text with blanks up to a width; Chinese characters take two columns."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return text + " " * (width - len(text) - wide)


class cs_demo(Command):  # the class of a command is named like the command
    """Close the demo's last months and quarter, pay them, and print what came out."""

    def run(self, args):
        parser = self.parser
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument("-d", "--database", required=True)
        parser.add_argument("--load", metavar="NAME", help="play this demo (demo/NAME.json) first")
        parser.add_argument("--language", help="of what is written down, and of the company")
        options = parser.parse_args(args)
        config.parse_config(
            [f"--config={options.config}"] if options.config else [], setup_logging=True
        )
        logging.getLogger().setLevel(logging.WARNING)
        with Registry(options.database).cursor() as cr:
            lang = options.language or "en_US"
            env = api.Environment(cr, SUPERUSER_ID, {"lang": lang, "tracking_disable": True})
            if options.language:  # what is kept for a whole company is in its language
                env.ref("base.main_company").partner_id.lang = options.language
            if options.load:
                env["cs.replay"]._load_demo(options.load)
            closed = False
            for cycle, decisions in env["cs.replay"]._close_demo():
                closed = True
                self._print_month(cycle, decisions)
            if not closed:
                sys.exit("The demo company has no complete month left to close.")
            self._print_next(env)

    def _print_next(self, env):
        """What waits now, and for whom."""
        dashboard = env["cs.dashboard"].browse(env.ref("base.main_company").id)
        month, sheets = dashboard.cycle_id.name, dashboard.missing_sheets
        waiting = f"decisions ({dashboard.approvals}), dismissal reviews ({dashboard.reviews})"
        print("\n== What to do next (the password is the login; docs/handbook tells more) ==")
        for login, what in (
            ("superior", f"score who is left of {month} ({sheets} sheets): Month > To Score"),
            ("office", "see who is late, enter figures, close the month: Dashboard"),
            ("agent", "read what is missing for the next tier: Me > My Path"),
            ("admin", f"decide what waits, {waiting}: Dashboard; look at the payslips: Payroll"),
        ):
            print(f"   {login:10}{what}")

    def _print_month(self, cycle, decisions):
        print(f"\n== {cycle.name} closed: {len(cycle.appraisal_ids)} agents ==")
        if not decisions:
            print("   Nobody moves.")
        for decision in decisions:
            target = f" → {decision.tier_to_id.name}" if decision.tier_to_id else ""
            label = decision._get_kind_name()
            print(
                f"   {decision.employee_id.name}: {label}, {decision.tier_from_id.name}{target}"
                f" from {decision.effective_date} ({decision.ground_name})"
            )
            for line in (decision.evidence_text or "").splitlines():
                print(f"        {line}")
        self._print_pay(cycle)

    def _print_pay(self, cycle):
        env = cycle.env
        pay = env["cs.replay"]._get_payslips(cycle.company_id, [cycle.date_start])
        if not pay:
            return
        slips = [lines for months in pay.values() for lines in months.values()]
        columns = (*env["cs.vocabulary"]._get_pay_items(), "GROSS", "FINE", "NET")
        # what the policy in force does not pay is not shown
        columns = [code for code in columns if any(lines.get(code) for lines in slips)]
        title = _pad(f"Pay for {cycle.name}", 46)
        print(f"\n   {title}" + "".join(f"{column:>12}" for column in columns))
        for appraisal in cycle.appraisal_ids.sorted(lambda each: each.department_id.name or ""):
            (lines,) = pay.get(appraisal.employee_id.id, {None: {}}).values() or [{}]
            amounts = "".join(f"{lines.get(code, 0):12,.2f}" for code in columns)
            name, tier = appraisal.employee_id.name, appraisal.tier_id.name
            print(f"   {_pad(name, 24)}{_pad(tier, 22)}{amounts}")
